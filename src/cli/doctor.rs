//! Prints what works and says what to do about the rest. The checks themselves
//! are in [`crate::doctor`].

use crate::doctor::{Finding, Part, Verdict, check, is_conversation_possible};
use crate::paths::Paths;
use crate::settings;
use anyhow::Context;
use serde::Serialize;
use std::io::Write;
use std::process::ExitCode;

/// Check what works and say what to do about the rest.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print one JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    conversation_possible: bool,
    findings: Vec<Finding>,
}

/// Runs the command. The exit code is 0 only if a conversation is possible.
pub fn run(Args { json }: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let file = paths.settings_file();
    let settings = settings::load(&file)
        .with_context(|| format!("cannot read the settings in {}", file.display()))?
        .settings;
    let mut out = std::io::stdout().lock();
    let mut findings = Vec::new();
    for part in Part::ALL {
        let finding = check(part, paths, &settings);
        if !json {
            writeln!(out, "{}", line(&finding))?;
        }
        findings.push(finding);
    }
    let conversation_possible = is_conversation_possible(&findings);
    if json {
        serde_json::to_writer(&mut out, &Report { conversation_possible, findings })?;
        writeln!(out)?;
    } else if conversation_possible {
        writeln!(out, "\nYou can talk with her.")?;
    } else {
        writeln!(out, "\nTo talk with her, first see to what is marked with ✗ above.")?;
    }
    Ok(if conversation_possible { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(finding: &Finding) -> String {
    let mark = match finding.verdict {
        Verdict::Works => '✓',
        Verdict::Doubtful => '?',
        Verdict::Fails if finding.part.is_needed() => '✗',
        Verdict::Fails => '–',
    };
    format!("{mark} {:<15} {}", finding.part.name().get(), finding.text)
}
