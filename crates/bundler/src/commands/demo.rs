//! `finews demo`: shows the sample site.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::build::{self, build};
use crate::program;
use crate::server::listen::ListenArguments;
use crate::server::serve;

/// Show a sample site: 200 stories of an invented newspaper, which are part of this command
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    listen: ListenArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    program::write_sample(&path("sample"))?;
    build(&build::Arguments::preview(path("sample"), path("site"), path("cache")))?;
    tokio::runtime::Runtime::new()?
        .block_on(async { serve(&path("site"), arguments.listen.bind().await?, None).await })?;
    Ok(ExitCode::SUCCESS)
}
