//! Rewrites kramdown's tables as GFM's: they need no head, and no bars at the ends of lines.

/// Reads a table at the start of a text. Returns it as GFM's, and its length in the text. `cell` writes a cell's text.
pub(super) fn read(text: &str, mut cell: impl FnMut(&str) -> String) -> Option<(String, usize)> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut alignments: Option<Vec<&'static str>> = None;
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if content.is_empty() || content.starts_with("{:") && content.ends_with('}') {
            break;
        }
        if is_rule(content) {
            if alignments.is_none() && !rows.is_empty() {
                alignments = Some(cells(content).iter().map(|cell| alignment(cell.trim())).collect());
            }
        } else {
            let row = cells(content);
            if row.len() < 2 && !has_bar(content) {
                return None;
            }
            rows.push(row);
        }
        length += line.len();
    }
    let width = rows.iter().map(Vec::len).max()?;
    let alignments = alignments.unwrap_or_default();
    let mut table = String::new();
    for (at, row) in rows.iter().enumerate() {
        table.push('|');
        for column in 0..width {
            table.push(' ');
            table.push_str(&row.get(column).map(|text| cell(text.trim())).unwrap_or_default());
            table.push_str(" |");
        }
        table.push('\n');
        if at == 0 {
            table.push('|');
            for column in 0..width {
                table.push_str(alignments.get(column).copied().unwrap_or(" --- |"));
            }
            table.push('\n');
        }
    }
    Some((table, length))
}

/// Whether a line separates rows: bars, hyphens, plus signs, colons or equals signs.
fn is_rule(line: &str) -> bool {
    line.contains(['-', '='])
        && line.chars().all(|c| matches!(c, '|' | '-' | '+' | ':' | '=' | ' ' | '\t'))
        && line.contains(['|', '+'])
}

fn alignment(cell: &str) -> &'static str {
    match (cell.starts_with(':'), cell.ends_with(':')) {
        (true, true) => " :-: |",
        (true, false) => " :-- |",
        (false, true) => " --: |",
        (false, false) => " --- |",
    }
}

/// Whether a line has a bar that is neither escaped nor code.
fn has_bar(line: &str) -> bool {
    split(line).len() > 1
}

/// The cells of a line, without the empty ones outside bars at its ends.
fn cells(line: &str) -> Vec<String> {
    let mut cells = split(line);
    if line.starts_with('|') {
        cells.remove(0);
    }
    if cells.len() > 1 && cells.last().is_some_and(|last| last.trim().is_empty()) {
        cells.pop();
    }
    cells
}

/// Splits a line at its bars.
fn split(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => code_length(rest),
            '|' => {
                cells.push(String::new());
                rest = &rest[1..];
                continue;
            }
            c => c.len_utf8(),
        };
        if let Some(cell) = cells.last_mut() {
            cell.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    cells
}

/// The length of the code span at the start of a text, or of its backticks.
fn code_length(text: &str) -> usize {
    let fence = text.len() - text.trim_start_matches('`').len();
    let end = text[fence..].find(&text[..fence]);
    end.map_or(fence, |end| fence + end + fence)
}
