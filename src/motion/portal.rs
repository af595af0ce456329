//! What the portal says: the setting of its own for motion, else the one of
//! GNOME, which many desktops pass on.

use anyhow::Context as _;
use ashpd::desktop::settings::{APPEARANCE_NAMESPACE, REDUCED_MOTION_KEY, ReducedMotion, Settings};
use futures_util::StreamExt as _;

const GNOME: &str = "org.gnome.desktop.interface";
const ANIMATIONS: &str = "enable-animations";

/// Asks, and asks again whenever the answer may have changed, as long as the
/// portal is there.
pub(super) fn run(tell: &impl Fn(bool)) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let portal = Settings::new().await.context("there is no portal")?;
        let mut changes = std::pin::pin!(portal.receive_setting_changed().await?);
        let mut told = None;
        loop {
            let reduced = portal.reduced_motion().await.ok();
            let animated = portal.read::<bool>(GNOME, ANIMATIONS).await.ok();
            let still = is_still(reduced, animated);
            if let Some(still) = still.filter(|still| told != Some(*still)) {
                told = Some(still);
                tell(still);
            }
            loop {
                let Some(change) = changes.next().await else { return Ok(()) };
                if [(APPEARANCE_NAMESPACE, REDUCED_MOTION_KEY), (GNOME, ANIMATIONS)]
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
