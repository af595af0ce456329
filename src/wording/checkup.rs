//! What is said of the parts that were checked.

use super::Text;
use crate::doctor::{Finding, Verdict};

/// Checks them.
pub const CHECK: Text = Text("Check now");
/// Once more.
pub const CHECK_AGAIN: Text = Text("Check again");
/// While that is done.
pub const CHECKING: Text = Text("Checking: {part} …");
/// Takes the report to the clipboard.
pub const COPY: Text = Text("Copy report");
/// Everything works that is needed.
pub const ALL_WELL: Text = Text("You can talk with her.");
/// Something does not.
pub const NOT_YET: Text = Text("To talk with her, first see to what does not work.");

/// Whether a part works.
pub fn verdict(finding: &Finding) -> Text {
    match finding.verdict {
        Verdict::Works => Text("works"),
        Verdict::Doubtful => Text("look here"),
        Verdict::Fails if finding.part.is_needed() => Text("does not work"),
        Verdict::Fails => Text("not there"),
    }
}

/// A finding as a screen reader says it.
pub fn in_words(finding: &Finding) -> String {
    format!("{}, {}: {}", finding.part.name(), verdict(finding), finding.text)
}

/// All findings, to be sent to somebody who helps: names of devices and of the
/// server, nothing that was said, and `home` by another name.
pub fn report(findings: &[Finding], home: &str) -> String {
    let mut report = format!(
        "Samantha {} on {} ({})\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    for finding in findings {
        report += &in_words(finding);
        report.push('\n');
    }
    if home.len() > 1 { report.replace(home, "~") } else { report }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Part;

    #[test]
    fn the_report_does_not_tell_who_it_is_from() {
        let text = "/home/ada/samantha/samantha-llm is there.".into();
        let part = Part::LanguageModelProgram;
        let report = report(&[Finding { part, verdict: Verdict::Works, text }], "/home/ada");
        assert!(report.contains("Model program, works: ~/samantha/samantha-llm is there."));
        assert!(!report.contains("ada"), "{report}");
    }
}
