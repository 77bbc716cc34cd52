//! `/:category/:year/:month/:day/:slug.html`: an article.

use bundle::Article;

use super::Later;
use crate::components::article;
use crate::components::element::{Element, el};
use crate::edition::Edition;

pub(super) fn article(edition: &Edition, article: &Article, outline: &[String], later: &Later) -> Element {
    el("div").add(article::article(edition, article, outline)).add(article::neighbours(edition, later.neighbours.clone()))
}
