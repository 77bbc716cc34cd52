//! Content security policies as headers, made from the policy that stands in the pages.

/// What a meta element cannot carry: <https://www.w3.org/TR/CSP3/#meta-element>
const OWN_FRAMES: &str = "frame-ancestors 'self'";

/// The header of the site's own pages. It stays the same when pages change: what is said of styles stands in
/// the pages alone, for it bears the hash of theirs.
pub fn page_policy(policy: &str) -> String {
    format!("{}; {OWN_FRAMES}", without_styles(policy))
}

/// The same for a host that gets its headers with each deploy: what is said of styles is in it.
pub fn page_policy_of_deploy(policy: &str) -> String {
    format!("{policy}; {OWN_FRAMES}")
}

/// The header of pages that stand in anybody's frames; `url` is the site's, empty where unknown.
pub fn frame_policy(policy: &str, url: &str) -> String {
    in_sandbox(&without_styles(policy), url)
}

/// A policy for a page in a sandbox, which has no origin of its own: in Safari `'self'` is nothing there, so
/// the site's origin is named.
pub fn in_sandbox(policy: &str, url: &str) -> String {
    if url.is_empty() {
        return policy.to_owned();
    }
    let origin: Vec<&str> = url.splitn(4, '/').take(3).collect();
    policy.replace("'self'", &format!("'self' {}", origin.join("/")))
}

fn without_styles(policy: &str) -> String {
    let is_of_styles = |rule: &&str| rule.starts_with("default-src ") || rule.starts_with("style-src ");
    let rules: Vec<&str> = policy.split("; ").filter(|rule| !is_of_styles(rule)).collect();
    rules.join("; ")
}
