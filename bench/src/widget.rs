//! `cargo xtask bench widget`: what the widget costs a page of another origin, on Lighthouse's phone.
//!
//! Pages without and with the widget in the initial viewport are loaded alternately, and the differences
//! within each pair are evaluated. The interval of their median comes from order statistics: of 15 sorted
//! differences, the 4th and the 12th enclose the median in 96 of 100 cases.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::host::Host;
use crate::load::{Load, visit};
use crate::phone::phone;

const PAIRS: usize = 15;
/// The indexes of the 4th and the 12th of the sorted differences.
const INTERVAL: (usize, usize) = (3, 11);

#[tokio::main]
pub(crate) async fn run(site: &Path, pages: &Path, driver: &str) -> Result<()> {
    let site = Host::serve(site).await?;
    fs::create_dir_all(pages)?;
    let script = format!("<script type=\"module\" src=\"{}widget.js\"></script>", site.url);
    let element = |more: &str| {
        format!(
            "<finews-headlines category=\"emnews\" limit=\"5\"{more}><a href=\"{}\">News</a></finews-headlines>",
            site.url
        )
    };
    let reserved = " style=\"display: block; min-height: 392px\"";
    write_page(pages, "without", "", "")?;
    write_page(pages, "with", &script, &element(reserved))?;
    write_page(pages, "unreserved", &script, &element(""))?;
    let host = Host::serve(pages).await?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        without.push(load(driver, &format!("{}without.html", host.url)).await?);
        with.push(load(driver, &format!("{}with.html", host.url)).await?);
    }
    println!(
        "A page of text with a widget of five headlines in its initial viewport, 150 ms / 1.6 Mbit/s / CPU 4×, {PAIRS} pairs"
    );
    println!();
    println!("| | without, median | with, median | difference, median | 95% interval |");
    println!("| --- | --- | --- | --- | --- |");
    print_row("first paint, ms", &without, &with, |load| load.first);
    print_row("largest paint, ms", &without, &with, |load| load.largest);
    print_row("blocking time, ms", &without, &with, |load| load.blocking);
    print_row("layout shift", &without, &with, |load| load.shift);
    println!();
    let unreserved = load(driver, &format!("{}unreserved.html", host.url)).await?;
    println!("If the page does not reserve the height: layout shift {:.4}", unreserved.shift);
    let mut times = Vec::new();
    for _ in 0..5 {
        times.push(measure_second_element(driver, &format!("{}with.html", host.url)).await?);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "A second element on the page, of the same list: shown {:.1} ms after it was added (median of {}, CPU 4×; {:.1} to {:.1})",
        times[2],
        times.len(),
        times[0],
        times[4]
    );
    Ok(())
}

/// Writes a page like a blog's.
fn write_page(folder: &Path, name: &str, head: &str, widget: &str) -> Result<()> {
    let words = "市场的消息每天都有，读者要的是其中与自己有关的几条。".repeat(6);
    let text: String = (0..8).map(|_| format!("<p>{words}</p>")).collect();
    let html = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>A blog</title>{head}
        <style>body {{ margin: 1rem; font: 1rem/1.8 sans-serif }}</style><h1>今天</h1><p>{words}</p>{widget}{text}</html>\n"
    );
    fs::write(folder.join(format!("{name}.html")), html)?;
    Ok(())
}

async fn load(driver: &str, url: &str) -> Result<Load> {
    let client = phone(driver).await?;
    let load = visit(&client, url).await?;
    client.close().await?;
    Ok(load)
}

fn print_row(name: &str, without: &[Load], with: &[Load], value: fn(&Load) -> f64) {
    let sorted = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values
    };
    let (sorted_without, sorted_with) =
        (sorted(without.iter().map(value).collect()), sorted(with.iter().map(value).collect()));
    let differences =
        sorted(without.iter().zip(with).map(|(without, with)| value(with) - value(without)).collect());
    let middle = PAIRS / 2;
    let digits = if name == "layout shift" { 4 } else { 0 };
    println!(
        "| {name} | {:.digits$} | {:.digits$} | {:.digits$} | {:.digits$} to {:.digits$} |",
        sorted_without[middle],
        sorted_with[middle],
        differences[middle],
        differences[INTERVAL.0],
        differences[INTERVAL.1]
    );
}

/// Measures the time in ms from adding a second element to the event that reports it as shown.
async fn measure_second_element(driver: &str, url: &str) -> Result<f64> {
    let client = phone(driver).await?;
    client.goto(url).await?;
    let first_shown_script = "const done = arguments[0]; const check = () => document.querySelector('finews-headlines')?.shadowRoot?.querySelector('li') ? setTimeout(() => done(true), 1000) : setTimeout(check, 50); check()";
    client.execute_async(first_shown_script, Vec::new()).await?;
    let add_script = "const done = arguments[0], element = document.createElement('finews-headlines');
        element.category = 'emnews';
        element.addEventListener('finews-load', () => done(performance.now() - start));
        const start = performance.now();
        document.querySelector('h1').before(element)";
    let time = client
        .execute_async(add_script, Vec::new())
        .await?
        .as_f64()
        .context("the script returned no time")?;
    client.close().await?;
    Ok(time)
}
