//! Renders templates of HTML documents and host configuration.

use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

/// The templates by name.
const TEMPLATES: [(&str, &str); 10] = [
    ("_headers", include_str!("hosts/templates/_headers")),
    ("_redirects", include_str!("hosts/templates/_redirects")),
    ("nginx.conf", include_str!("hosts/templates/nginx.conf")),
    ("Caddyfile", include_str!("hosts/templates/Caddyfile")),
    ("head.html", include_str!("pages/templates/head.html")),
    ("opening.html", include_str!("pages/templates/opening.html")),
    ("frame.html", include_str!("pages/templates/frame.html")),
    ("oembed.html", include_str!("pages/templates/oembed.html")),
    ("opensearch.xml", include_str!("pages/templates/opensearch.xml")),
    ("examples.html", include_str!("pages/templates/examples.html")),
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().keep_trailing_newline(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") || name.ends_with(".xml") { AutoEscape::Html } else { AutoEscape::None }
    });
    environment.set_formatter(|output, state, value| {
        match value.as_str() {
            // The engine's own escaping makes pages longer, because it also escapes the slashes of addresses.
            Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
                output.write_str(&escape(text))?;
            }
            _ => minijinja::escape_formatter(output, state, value)?,
        }
        Ok(())
    });
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
});

/// Renders a template.
///
/// # Errors
/// Fails if the template does not exist, or if it uses a missing value other than as a condition.
pub(crate) fn render(name: &str, values: &serde_json::Value) -> Result<String> {
    let environment = ENVIRONMENT.as_ref().map_err(|error| anyhow::anyhow!("a template: {error:#}"))?;
    environment
        .get_template(name)?
        .render(Value::from(Serde(values)))
        .with_context(|| format!("the template {name}"))
}

/// Escapes text for HTML, between elements or in an attribute with double quotes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
