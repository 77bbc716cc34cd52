//! `cargo xtask fuzz`: inputs that nobody thought of, grown from the attacks, the samples and the sample
//! site's files.

use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest as _, Sha256};
use xshell::{Shell, cmd};

use crate::tools;

/// What is fuzzed: each a program in `fuzz/fuzz_targets`, which says what has to hold.
const TARGETS: [&str; 4] = ["post", "html", "bundle", "address"];

/// The longest input in bytes, and how many seconds one may take: time is to grow as the input does.
const LONGEST: usize = 65_536;
const SECONDS: usize = 10;

/// Runs one target, or all, for so many inputs each; what was found before is gone on from.
pub(crate) fn run(shell: &Shell, target: Option<&str>, inputs: u64) -> Result<()> {
    tools::ensure_fuzz(shell)?;
    for target in TARGETS.into_iter().filter(|known| target.is_none_or(|target| target == *known)) {
        let found = PathBuf::from("target/fuzz/corpus").join(target);
        let seeds = PathBuf::from("target/fuzz/seeds").join(target);
        shell.create_dir(&found)?;
        plant(shell, target, &seeds)?;
        // Our crates forbid unsafe code, so no sanitizer is asked, and the stable compiler will do.
        let arguments = [
            format!("-runs={inputs}"),
            format!("-max_len={LONGEST}"),
            format!("-timeout={SECONDS}"),
            "-rss_limit_mb=2048".into(),
        ];
        cmd!(shell, "cargo fuzz run --sanitizer none --target-dir target/fuzz/build {target} {found} {seeds} -- {arguments...} -print_final_stats=1").run()?;
    }
    Ok(())
}

/// Writes the seeds of a target.
fn plant(shell: &Shell, target: &str, folder: &Path) -> Result<()> {
    shell.remove_path(folder)?;
    shell.create_dir(folder)?;
    let plant = |bytes: &[u8]| -> Result<()> {
        // What is repeated a thousand times teaches nothing that a hundred times does not.
        let bytes = &bytes[..bytes.len().min(4096)];
        let name: String = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(shell.write_file(folder.join(name), bytes)?)
    };
    let attacks = testkit::corpus::attacks();
    match target {
        "post" => {
            for attack in &attacks {
                plant(attack.post().as_bytes())?;
            }
            for post in shell.read_dir("tests/fixtures/site/_posts")? {
                plant(&shell.read_binary_file(post)?)?;
            }
        }
        "html" => {
            for attack in &attacks {
                plant(attack.text.as_bytes())?;
            }
        }
        "bundle" => {
            for kind in shell.read_dir("target/test-sites/usual/site/bundle").unwrap_or_default() {
                let files = if kind.is_dir() { shell.read_dir(&kind)? } else { vec![kind] };
                for file in files {
                    plant(&shell.read_binary_file(file)?)?;
                }
            }
            plant(br#"{"format":1,"site":{"title":"t","lang":"en","timezone":"UTC"},"settings":{},"counts":{"articles":1,"days":1,"categories":1,"tags":0,"securities":0},"newest":[{"slug":"a","title":"t","time":"2022-03-01T12:00:00Z"}],"front":"0","months":[{"month":"2022-03","count":1,"file":"0"}],"lists":{"open":["0"]}}"#)?;
            plant(br#"[{"slug":"a","title":"t","time":"2022-03-01T12:00:00Z","categories":[["a","A"]],"body":"b"}]"#)?;
            plant(br#"{"lists":{"category/emnews":{"count":1,"newest":[],"pages":[{"file":"0","index":1,"oldest":"1-a"}]}},"finer":["0"]}"#)?;
        }
        _ => {
            for address in [
                "/",
                "/a/?before=1-b",
                "/a/2022/03/01/b.html",
                "/archive/2022/03/01",
                "/quote/1.000001",
                "/category/x%20y.html",
                "/tag/%E4%B8%9C",
            ] {
                plant(address.replacen('?', "\n", 1).as_bytes())?;
            }
            for attack in attacks.iter().filter(|attack| attack.name.starts_with("address-")) {
                plant(attack.text.split('"').nth(1).unwrap_or(&attack.text).as_bytes())?;
            }
        }
    }
    Ok(())
}
