//! `finews serve`: previews a site on this machine.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::misuse;
use crate::server::listen::ListenArguments;
use crate::server::serve;

/// Preview a site on this machine
///
/// Sends media types, compression and cache headers like a good static host, and answers every address of the
/// site, including those without a file. To publish the site, upload its folder to a static host.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder of the site
    site: PathBuf,
    #[command(flatten)]
    listen: ListenArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    misuse::require_site(&arguments.site)?;
    tokio::runtime::Runtime::new()?
        .block_on(async { serve(&arguments.site, arguments.listen.bind().await?, None).await })?;
    Ok(ExitCode::SUCCESS)
}
