//! Shows values that load after the page.

use archive::Failure;
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use super::message;
use crate::state::language::Words;
use crate::state::remote::Remote;

/// Shows a remote value in each of its states. After a failure, a button loads it again.
#[component]
pub(crate) fn RemoteView<T: Clone + Send + Sync + 'static>(
    words: &'static Words,
    value: ArcRwSignal<Remote<T>>,
    /// Loads the value.
    load: UnsyncCallback<()>,
    /// The view before loading.
    idle: impl Fn() -> Erased + Send + 'static,
    /// The view while loading.
    loading: impl Fn() -> Erased + Send + 'static,
    /// The view of the value.
    ready: impl Fn(T) -> Erased + Send + 'static,
) -> Erased {
    let view = move || match value.get() {
        Remote::Idle => idle(),
        Remote::Loading => loading(),
        Remote::Ready(value) => ready(value),
        Remote::Failed(failure) => view! { <Failed words failure load=Some(load)/> }.erase(),
    };
    view.erase()
}

/// Why a part of the page is missing, and a button that loads it again unless there is one elsewhere.
#[component]
pub(crate) fn Failed(
    words: &'static Words,
    failure: Failure,
    #[prop(optional_no_strip)] load: Option<UnsyncCallback<()>>,
) -> Erased {
    let button = load.map(|load| view! { <button class="retry" type="button" on:click=move |_| load.run(())>{words.retry}</button> }.erase());
    view! {
        <div class="failed" role="alert">
            <p class="empty">{message::title(words, failure)}</p>
            <p class="why">{message::explanation(words, failure)}</p>
            {button}
        </div>
    }
    .erase()
}
