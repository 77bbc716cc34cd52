//! `/:category/:year/:month/:day/:slug.html`: an article.

use std::sync::Arc;

use archive::Neighbours as NeighbourStories;
use leptos::prelude::*;
use markdown::MarkdownOp;

use crate::components::erased::{Erase as _, Erased};
use crate::components::story::{Neighbours, Story};
use crate::state::remote::{Part, Remote, load};

#[component]
pub(super) fn Article(
    article: Arc<bundle::Article>,
    ops: Vec<MarkdownOp>,
    here: String,
    neighbours: Remote<NeighbourStories>,
) -> Erased {
    let stories = ArcRwSignal::new(neighbours);
    load(Part::Neighbours(article.clone(), stories.clone()));
    view! {
        <div>
            <Story article ops here/>
            <Neighbours stories/>
        </div>
    }
    .erase()
}
