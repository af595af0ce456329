//! What the portal says: the settings of its own for motion and contrast, and
//! for motion also the one of GNOME, which many desktops pass on.

use super::Asked;
use anyhow::Context as _;
use ashpd::desktop::settings::{
    APPEARANCE_NAMESPACE, CONTRAST_KEY, Contrast, REDUCED_MOTION_KEY, ReducedMotion, Settings,
};
use futures_util::StreamExt as _;

const GNOME: &str = "org.gnome.desktop.interface";
const ANIMATIONS: &str = "enable-animations";

/// Asks, and asks again whenever the answer may have changed, as long as the
/// portal is there.
pub(super) fn run(tell: &impl Fn(Asked)) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let portal = Settings::new().await.context("there is no portal")?;
        let mut changes = std::pin::pin!(portal.receive_setting_changed().await?);
        let mut told = Vec::new();
        loop {
            let reduced = portal.reduced_motion().await.ok();
            let animated = portal.read::<bool>(GNOME, ANIMATIONS).await.ok();
            let contrast = portal.contrast().await.ok();
            let asked: Vec<Asked> = [
                is_still(reduced, animated).map(Asked::Stillness),
                contrast.map(|contrast| Asked::Contrast(contrast == Contrast::High)),
            ]
            .into_iter()
            .flatten()
            .collect();
            asked.iter().filter(|one| !told.contains(*one)).for_each(|one| tell(*one));
            told = asked;
            loop {
                let Some(change) = changes.next().await else { return Ok(()) };
                if [
                    (APPEARANCE_NAMESPACE, REDUCED_MOTION_KEY),
                    (APPEARANCE_NAMESPACE, CONTRAST_KEY),
                    (GNOME, ANIMATIONS),
                ]
                .contains(&(change.namespace(), change.key()))
                {
                    break;
                }
            }
        }
    })
}

/// Either setting asks for stillness; `None` if there is neither.
fn is_still(reduced: Option<ReducedMotion>, animated: Option<bool>) -> Option<bool> {
    let asked = reduced.map(|reduced| reduced == ReducedMotion::ReducedMotion);
    let switched_off = animated.map(|animated| !animated);
    match (asked, switched_off) {
        (None, None) => None,
        (asked, off) => Some(asked.unwrap_or(false) || off.unwrap_or(false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_setting_of_the_desktop_asks_for_stillness() {
        use ReducedMotion::{NoPreference, ReducedMotion as Reduced};
        for (reduced, animated, expect) in [
            (None, None, None),
            (Some(NoPreference), None, Some(false)),
            (Some(Reduced), None, Some(true)),
            (Some(NoPreference), Some(false), Some(true)),
            (None, Some(true), Some(false)),
            (Some(Reduced), Some(true), Some(true)),
        ] {
            assert_eq!(is_still(reduced, animated), expect, "{reduced:?} {animated:?}");
        }
    }
}
