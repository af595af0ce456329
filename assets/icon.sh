#!/bin/sh
# Draws icon.png, the window's icon, with ImageMagick: a warm disc with the
# bars of a voice. Run it in this folder after changing it.
set -eu
magick=$(command -v magick || command -v convert)
"$magick" -size 1024x1024 xc:none \
    -fill '#B5523B' -draw 'circle 512,512 512,24' \
    -fill '#FBF3EA' \
    -draw 'roundrectangle 212,432 292,592 40,40' \
    -draw 'roundrectangle 342,332 422,692 40,40' \
    -draw 'roundrectangle 472,232 552,792 40,40' \
    -draw 'roundrectangle 602,332 682,692 40,40' \
    -draw 'roundrectangle 732,432 812,592 40,40' \
    -filter Lanczos -resize 256x256 -depth 8 -strip -define png:compression-level=9 icon.png
