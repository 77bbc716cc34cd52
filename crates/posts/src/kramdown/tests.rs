use super::*;

#[test]
fn kramdown_is_translated() {
    let check = |text: &str, expected: &str| assert_eq!(translate(text).markdown, expected, "{text}");
    check("a [b](c) d\n", "a [b](c) d\n");
    check("10~20，30~40\n", "10\\~20，30\\~40\n");
}
