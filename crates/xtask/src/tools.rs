//! Installs the tools for tasks if they are missing.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

/// Newer versions need a newer Rust (0.22 needs 1.96).
const TRUNK: &str = "0.21.14";
/// Must equal the version in Cargo.toml, because the crate and the generated JavaScript depend on each other.
const WASM_BINDGEN: &str = "0.2.128";
/// wasm-opt, from npm: Debian's is years older.
const BINARYEN: &str = "132.0.0";
/// Bundles and minifies scripts and style sheets.
const ESBUILD: &str = "0.28.2";
/// Runs the fuzz targets.
const CARGO_FUZZ: &str = "0.13.2";
/// Checks dependencies.
const CARGO_DENY: &str = "0.20.2";
/// The WebDriver for Firefox.
const GECKODRIVER: &str = "0.37.1";
/// Runs tests.
const NEXTEST: &str = "0.9.143";
/// Checks formatting and lints of scripts and style sheets.
const BIOME: &str = "2.6.8";
/// Checks the types of scripts.
const TYPESCRIPT: &str = "7.0.2";
/// Checks the links in Markdown documents: the command, its plugin for links, and the one for GFM's tables.
const REMARK: [(&str, &str); 3] =
    [("remark-cli", "12.0.1"), ("remark-validate-links", "13.1.0"), ("remark-gfm", "4.0.1")];
/// Bundles a page with the packaged widget, as embedders do; esbuild does so too.
const VITE: &str = "6.4.6";
/// Makes the wheel.
const MATURIN: &str = "1.16.0";
/// Checks accessibility in browsers.
const AXE: &str = "4.11.0";
/// Serves a site by S3's API.
const S3RVER: &str = "3.7.1";

/// A Debian package, and a program that exists if the package is installed.
struct Package {
    name: &'static str,
    program: &'static str,
    /// What it is needed for.
    purpose: Purpose,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Build,
    Test,
    Bench,
}

const PACKAGES: [Package; 13] = [
    Package { name: "nodejs", program: "node", purpose: Purpose::Build },
    Package { name: "npm", program: "npm", purpose: Purpose::Build },
    Package { name: "chromium", program: "chromium", purpose: Purpose::Test },
    Package { name: "chromium-driver", program: "chromedriver", purpose: Purpose::Test },
    Package { name: "firefox-esr", program: "firefox-esr", purpose: Purpose::Test },
    Package { name: "webkit2gtk-driver", program: "WebKitWebDriver", purpose: Purpose::Test },
    Package { name: "xvfb", program: "Xvfb", purpose: Purpose::Test },
    Package { name: "fontconfig", program: "fc-list", purpose: Purpose::Test },
    Package { name: "caddy", program: "caddy", purpose: Purpose::Test },
    Package { name: "nginx", program: "nginx", purpose: Purpose::Test },
    Package { name: "hugo", program: "hugo", purpose: Purpose::Bench },
    Package { name: "jekyll", program: "jekyll", purpose: Purpose::Bench },
    Package { name: "time", program: "time", purpose: Purpose::Bench },
];
/// The package with Chinese fonts.
const FONTS: &str = "fonts-noto-cjk";

/// The Debian packages that are missing for a purpose or for the purposes before it.
fn missing_packages(shell: &Shell, purpose: Purpose) -> Vec<&'static str> {
    let folders: Vec<_> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .chain(["/usr/bin", "/usr/sbin"].map(Into::into))
        .collect();
    let is_installed = |program: &str| folders.iter().any(|folder| folder.join(program).exists());
    let is_needed = |package: &&Package| match purpose {
        Purpose::Build => package.purpose == Purpose::Build,
        Purpose::Test => package.purpose != Purpose::Bench,
        Purpose::Bench => true,
    };
    let mut missing: Vec<&str> = PACKAGES
        .iter()
        .filter(is_needed)
        .filter(|package| !is_installed(package.program))
        .map(|package| package.name)
        .collect();
    let fonts = || cmd!(shell, "fc-list :lang=zh family").quiet().ignore_stderr().read().unwrap_or_default();
    if purpose != Purpose::Build && fonts().trim().is_empty() {
        missing.push(FONTS);
    }
    missing
}

/// Installs everything for tests, and optionally for benchmarks: lists the missing Debian packages, installs
/// them as root or with sudo, and then installs the tools.
///
/// # Errors
/// Fails if something cannot be installed.
pub(crate) fn set_up(shell: &Shell, bench: bool) -> Result<()> {
    let missing = missing_packages(shell, if bench { Purpose::Bench } else { Purpose::Test });
    if missing.is_empty() {
        eprintln!("all packages are installed");
    } else {
        eprintln!("installing these missing packages: {}", missing.join(", "));
        apt(shell, &missing)?;
    }
    ensure_build_tools(shell)?;
    ensure_test_tools(shell)?;
    ensure_fuzz(shell)?;
    ensure_deny(shell)?;
    if bench { ensure_lighthouse(shell) } else { Ok(()) }
}

/// Checks that the Debian packages for a purpose are installed.
///
/// # Errors
/// Fails if any package is missing; the error lists the missing ones.
pub(crate) fn require_packages(shell: &Shell, purpose: Purpose) -> Result<()> {
    let missing = missing_packages(shell, purpose);
    let more = if purpose == Purpose::Bench { " --bench" } else { "" };
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "these Debian packages are missing: {}; “cargo xtask setup{more}” installs them",
        missing.join(", ")
    )
}

/// Installs the tools for building: the wasm target, Trunk, wasm-bindgen, wasm-opt and esbuild. The last two
/// go into `target/tools`, whose programs the shell then finds by their names.
///
/// # Errors
/// Fails if a tool cannot be installed.
pub(crate) fn ensure_build_tools(shell: &Shell) -> Result<()> {
    require_packages(shell, Purpose::Build)?;
    if !cmd!(shell, "rustup target list --installed")
        .read()
        .unwrap_or_default()
        .contains("wasm32-unknown-unknown")
    {
        cmd!(shell, "rustup target add wasm32-unknown-unknown").run()?;
    }
    // Neither needs the network here, which is what their default features are for.
    ensure_crate(shell, "trunk", "trunk", TRUNK, &["--no-default-features"])?;
    ensure_crate(shell, "wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN, &["--no-default-features"])?;
    ensure_npm(shell, "binaryen", BINARYEN)?;
    ensure_npm(shell, "esbuild", ESBUILD)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let tools = shell.current_dir().join("target/tools/node_modules/.bin");
    let path = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path)))?;
    shell.set_var("PATH", path);
    // Trunk accepts only “true” and “false” as values of NO_COLOR.
    shell.set_var("NO_COLOR", "true");
    Ok(())
}

/// Installs the tools for tests: nextest, Firefox's driver, axe-core, a server of S3's API, and those that check scripts
/// and documents.
///
/// # Errors
/// Fails if a tool cannot be installed.
pub(crate) fn ensure_test_tools(shell: &Shell) -> Result<()> {
    ensure_crate(shell, "geckodriver", "geckodriver", GECKODRIVER, &[])?;
    // Any recent version of nextest supports our few settings.
    if !has(shell, "cargo-nextest") {
        ensure_crate(shell, "cargo-nextest", "cargo-nextest", NEXTEST, &[])?;
    }
    ensure_npm(shell, "@biomejs/biome", BIOME)?;
    ensure_npm(shell, "typescript", TYPESCRIPT)?;
    REMARK.iter().try_for_each(|(package, version)| ensure_npm(shell, package, version))?;
    ensure_npm(shell, "s3rver", S3RVER)?;
    ensure_npm(shell, "axe-core", AXE)
}

/// Installs the fuzzer.
pub(crate) fn ensure_fuzz(shell: &Shell) -> Result<()> {
    ensure_crate(shell, "cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, &[])
}

/// Installs cargo-deny, which checks dependencies.
pub(crate) fn ensure_deny(shell: &Shell) -> Result<()> {
    ensure_crate(shell, "cargo-deny", "cargo-deny", CARGO_DENY, &[])
}

/// Installs Lighthouse; newer versions need a newer Node than Debian's.
pub(crate) fn ensure_lighthouse(shell: &Shell) -> Result<()> {
    ensure_npm(shell, "lighthouse", "12.8.2")
}

/// Installs Pagefind, and returns its command's path.
pub(crate) fn ensure_pagefind(shell: &Shell) -> Result<PathBuf> {
    ensure_npm(shell, "pagefind", "1.6.0")?;
    Ok(shell.current_dir().join("target/tools/node_modules/.bin/pagefind"))
}

/// Installs Vite.
pub(crate) fn ensure_vite(shell: &Shell) -> Result<()> {
    ensure_npm(shell, "vite", VITE)
}

/// Installs maturin into an environment of its own, and returns the command's path.
pub(crate) fn ensure_maturin(shell: &Shell) -> Result<PathBuf> {
    let environment = shell.current_dir().join("target/tools/python");
    let maturin = environment.join("bin/maturin");
    let installed = cmd!(shell, "{maturin} --version").quiet().ignore_stderr().read().unwrap_or_default();
    if !installed.ends_with(MATURIN) {
        cmd!(shell, "python3 -m venv {environment}").run()?;
        let pip = environment.join("bin/pip");
        cmd!(shell, "{pip} install --quiet --disable-pip-version-check maturin=={MATURIN}").run()?;
    }
    Ok(maturin)
}

/// Installs an npm package into `target/tools`.
pub(crate) fn ensure_npm(shell: &Shell, package: &str, version: &str) -> Result<()> {
    let installed =
        shell.read_file(format!("target/tools/node_modules/{package}/package.json")).unwrap_or_default();
    if installed.contains(&format!("\"version\": \"{version}\"")) {
        return Ok(());
    }
    shell.create_dir("target/tools")?;
    cmd!(shell, "npm install --no-audit --no-fund --save-exact --prefix target/tools {package}@{version}")
        .run()?;
    Ok(())
}

/// Installs a tool from crates.io: ready-made if `cargo binstall` is there and reaches a binary, otherwise compiled.
fn ensure_crate(shell: &Shell, name: &str, binary: &str, version: &str, features: &[&str]) -> Result<()> {
    let found = cmd!(shell, "{binary} --version").quiet().ignore_stderr().read().unwrap_or_default();
    if found.split_whitespace().any(|word| word == version) {
        return Ok(());
    }
    let begun = Instant::now();
    if cmd!(shell, "cargo binstall -V").quiet().ignore_stdout().ignore_stderr().run().is_ok() {
        eprintln!("fetching {name} {version}");
        let fetched = cmd!(
            shell,
            "cargo binstall --no-confirm --force --strategies crate-meta-data,quick-install {name}@{version}"
        );
        if fetched.run().is_ok() {
            return Ok(());
        }
    }
    eprintln!("compiling {name} {version}: only once, for one to three minutes on two cores");
    // Tools run for seconds, so they are compiled quickly rather than optimised.
    let quick = [("OPT_LEVEL", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "false")];
    let quick = quick.map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value));
    cmd!(shell, "cargo install --locked --force {features...} {name}@{version}").envs(quick).run()?;
    eprintln!("{name} took {} s", begun.elapsed().as_secs());
    Ok(())
}

fn has(shell: &Shell, program: &str) -> bool {
    cmd!(shell, "{program} --version").quiet().ignore_stderr().read().is_ok()
}

/// Installs Debian packages, as root or with sudo.
fn apt(shell: &Shell, packages: &[&str]) -> Result<()> {
    if !has(shell, "apt-get") {
        bail!("missing: {}; install them with this system's package manager", packages.join(", "));
    }
    let root = cmd!(shell, "id -u").read()? == "0";
    let sudo: &[&str] = if root { &[] } else { &["sudo"] };
    let with_sudo =
        |words: &[&str]| sudo.iter().chain(words).map(|word| (*word).to_owned()).collect::<Vec<_>>();
    for command in [
        with_sudo(&["apt-get", "update", "--quiet"]),
        [
            with_sudo(&["apt-get", "install", "--quiet", "--yes"]),
            packages.iter().map(|p| (*p).to_owned()).collect(),
        ]
        .concat(),
    ] {
        let (program, arguments) = command.split_first().context("the command has no name")?;
        cmd!(shell, "{program} {arguments...}").env("DEBIAN_FRONTEND", "noninteractive").run()?;
    }
    Ok(())
}
