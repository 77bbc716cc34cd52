use super::*;

#[test]
#[ignore]
fn show() {
    let text = std::fs::read_to_string(std::env::var("SHOW").unwrap()).unwrap();
    let translated = translate(&text);
    eprintln!("{}", translated.markdown);
    for (at, html) in translated.html.iter().enumerate() {
        eprintln!("--- {at}\n{html}");
    }
}
