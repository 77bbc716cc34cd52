//! `cargo xtask fuzz`: runs the fuzz targets on inputs generated from the attacks, the sample's posts, the
//! files of the sample site's bundle, and a few seeds written here.

use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest as _, Sha256};
use xshell::{Shell, cmd};

use crate::tools;

/// The fuzz targets: programs in `fuzz/fuzz_targets`, which define what must hold.
const TARGETS: [&str; 5] = ["post", "html", "bundle", "address", "search"];

/// The length of the longest input, in bytes.
const MAX_BYTES: usize = 65_536;
/// The time limit for each input, in seconds. It fails targets whose time grows faster than the input.
const MAX_SECONDS: usize = 10;

/// Runs one target or all targets, each with `inputs` inputs. Continues from the inputs that earlier runs
/// found.
pub(crate) fn run(shell: &Shell, target: Option<&str>, inputs: u64) -> Result<()> {
    tools::ensure_fuzz(shell)?;
    for target in TARGETS.into_iter().filter(|known| target.is_none_or(|target| target == *known)) {
        let found = PathBuf::from("target/fuzz/corpus").join(target);
        let seeds = PathBuf::from("target/fuzz/seeds").join(target);
        shell.create_dir(&found)?;
        write_seeds(shell, target, &seeds)?;
        // Our crates forbid unsafe code, so there is no need for sanitizers, nor for a nightly compiler.
        let arguments = [
            format!("-runs={inputs}"),
            format!("-max_len={MAX_BYTES}"),
            format!("-timeout={MAX_SECONDS}"),
            "-rss_limit_mb=2048".into(),
        ];
        cmd!(shell, "cargo fuzz run --sanitizer none --target-dir target/fuzz/build {target} {found} {seeds} -- {arguments...} -print_final_stats=1").run()?;
    }
    Ok(())
}

/// Writes the seeds of a target.
fn write_seeds(shell: &Shell, target: &str, folder: &Path) -> Result<()> {
    shell.remove_path(folder)?;
    shell.create_dir(folder)?;
    let write_seed = |bytes: &[u8]| -> Result<()> {
        // A thousand repetitions teach the fuzzer no more than a hundred.
        let bytes = &bytes[..bytes.len().min(4096)];
        let name: String = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(shell.write_file(folder.join(name), bytes)?)
    };
    let attacks = testkit::corpus::attacks();
    match target {
        "post" => {
            for attack in &attacks {
                write_seed(attack.post().as_bytes())?;
            }
            for post in shell.read_dir("tests/fixtures/site/_posts")? {
                write_seed(&shell.read_binary_file(post)?)?;
            }
        }
        "html" => {
            for attack in &attacks {
                write_seed(attack.text.as_bytes())?;
            }
        }
        "bundle" => {
            for kind in shell.read_dir("target/test-sites/usual/site/bundle").unwrap_or_default() {
                let files = if kind.is_dir() { shell.read_dir(&kind)? } else { vec![kind] };
                for file in files {
                    write_seed(&shell.read_binary_file(file)?)?;
                }
            }
            write_seed(br#"{"format":2,"site":{"title":"t","lang":"en","timezone":"UTC"},"settings":{},"counts":{"articles":1,"days":1,"categories":1,"tags":0,"securities":0},"newest":[{"slug":"a","title":"t","time":"2022-03-01T12:00:00Z"}],"front":"0","months":[{"month":"2022-03","count":1,"file":"0"}],"lists":{"open":["0"]}}"#)?;
            write_seed(br#"[{"slug":"a","title":"t","time":"2022-03-01T12:00:00Z","categories":[["a","A"]],"body":"b"}]"#)?;
            write_seed(br#"{"lists":{"category/emnews":{"count":1,"newest":[],"pages":[{"file":"0","index":1,"oldest":"1-a"}]}},"finer":["0"]}"#)?;
        }
        "search" => {
            for file in shell.read_dir("target/test-sites/usual/site/bundle/search").unwrap_or_default() {
                let mut seed = vec![9, 0, 0, 1, 20, 0];
                seed.extend(shell.read_binary_file(file)?);
                write_seed(&seed)?;
            }
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
                write_seed(address.replacen('?', "\n", 1).as_bytes())?;
            }
            for attack in attacks.iter().filter(|attack| attack.name.starts_with("address-")) {
                write_seed(attack.text.split('"').nth(1).unwrap_or(&attack.text).as_bytes())?;
            }
        }
    }
    Ok(())
}
