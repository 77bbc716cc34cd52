//! `/:category/:year/:month/:day/:slug.html`: an article. Also standalone pages, such as `/about.html`.

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
    let neighbours = (!article.is_standalone()).then(|| {
        let stories = ArcRwSignal::new(neighbours);
        load(Part::Neighbours(article.clone(), stories.clone()));
        view! { <Neighbours stories/> }.erase()
    });
    view! {
        <div>
            <Story article ops here/>
            {neighbours}
        </div>
    }
    .erase()
}
