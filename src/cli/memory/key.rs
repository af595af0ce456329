//! `samantha memory key`: who keeps the key, and how it is got back.

use super::{key_of, passphrase, tell};
use crate::paths::Paths;
use anyhow::{Context, bail};
use memory::vault::{Keeper, Vault};
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Who keeps the key of the memory.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print the 24 words that open the memory if its key is lost. Write them
    /// on paper.
    Phrase,
    /// Open the memory with the 24 words, read from standard input.
    Recover,
    /// Have this computer's keychain keep the key: it opens with your login.
    Keychain,
    /// Have a file keep the key that only your account can read.
    File,
    /// Keep the key by a passphrase that is asked for at each start.
    Passphrase,
}

pub(super) fn run(args: &Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let vault = Vault::new(&paths.memory_file());
    match &args.command {
        None => println!("{}", keeper(vault.keeper())),
        Some(Command::Phrase) => println!("{}", *key_of(&vault)?.phrase()),
        Some(Command::Recover) => {
            if std::io::stdin().is_terminal() {
                tell("type the 24 words, then Enter")?;
            }
            let mut phrase = Zeroizing::new(String::new());
            for line in std::io::stdin().lock().lines() {
                phrase.push_str(&line?);
                phrase.push(' ');
                if phrase.split_whitespace().count() >= 24 {
                    break;
                }
            }
            vault.recover(&phrase).map_err(|why| super::stays_closed(&why))?;
            println!("The memory opens again. {}", keeper(vault.keeper()));
        }
        Some(Command::Keychain) => {
            vault
                .keep(&key_of(&vault)?, Keeper::Keychain)
                .context("the keychain does not take it; the key stays where it was")?;
            println!("{}", keeper(Some(Keeper::Keychain)));
        }
        Some(Command::File) => {
            vault.keep(&key_of(&vault)?, Keeper::File)?;
            println!("{}", keeper(Some(Keeper::File)));
        }
        Some(Command::Passphrase) => {
            let key = key_of(&vault)?;
            let typed = passphrase("New passphrase: ")?;
            if std::env::var_os("SAMANTHA_PASSPHRASE").is_none()
                && *passphrase("Once more: ")? != *typed
            {
                bail!("the two passphrases differ: nothing was changed");
            }
            vault.keep_by_passphrase(&key, &typed)?;
            println!("{}", keeper(Some(Keeper::Passphrase)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn keeper(keeper: Option<Keeper>) -> &'static str {
    match keeper {
        None => "There is no memory yet.",
        Some(Keeper::Keychain) => "The keychain of this computer keeps the key.",
        Some(Keeper::File) => "A file that only your account can read keeps the key.",
        Some(Keeper::Passphrase) => "The key opens with your passphrase.",
    }
}
