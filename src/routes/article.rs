//! `/:category/:year/:month/:day/:slug.html`: an article.

use bundle::Article;
use leptos::prelude::*;

use super::Later;
use crate::components::article;
use crate::edition::Edition;

pub(super) fn article(edition: &Edition, article: &Article, later: &Later) -> AnyView {
    article::article(edition, article, later.neighbours.into())
}
