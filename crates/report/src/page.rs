//! The HTML around the pictures: skeleton, contents, figures, tables.

use crate::svg::escape;

const CSS: &str = include_str!("page.css");
const JS: &str = include_str!("page.js");

/// One part of the page.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// Anchor.
    pub(crate) id: &'static str,
    /// Heading, plain text.
    pub(crate) title: String,
    /// Safe markup.
    pub(crate) body: String,
}

/// Title lines above everything.
#[derive(Clone, Debug)]
pub(crate) struct Masthead {
    /// Small line above the title, plain text.
    pub(crate) kicker: String,
    /// Title, plain text.
    pub(crate) title: String,
    /// The answer: safe markup.
    pub(crate) answer: String,
}

/// What is assumed, if anything.
pub(crate) fn assumptions(texts: &[String]) -> Option<Section> {
    let items: String = texts
        .iter()
        .map(|text| format!("<li>{}</li>", escape(text)))
        .collect();
    (!items.is_empty()).then(|| Section {
        id: "assumptions",
        title: "What is assumed".to_owned(),
        body: format!("<ul class=\"plain\">{items}</ul>"),
    })
}

/// A complete HTML document.
pub(crate) fn document(head: &Masthead, sections: &[Section]) -> String {
    let (kicker, title) = (escape(&head.kicker), escape(&head.title));
    let contents: String = sections.iter().map(contents_entry).collect();
    let body: String = sections.iter().map(section_markup).collect();
    [
        "<!DOCTYPE html>
<html lang=\"en\"><head><meta charset=\"utf-8\">",
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">",
        "<meta name=\"color-scheme\" content=\"light dark\">",
        &format!(
            "<title>{title} · codrive</title><style>{CSS}</style></head>
<body>"
        ),
        &format!("<header><p class=\"kicker\">{kicker}</p><h1>{title}</h1>"),
        &format!(
            "{}</header>
<div class=\"columns\">",
            head.answer
        ),
        &format!(
            "<nav aria-label=\"Contents\"><ol>{contents}</ol></nav>
<main>{body}</main></div>
"
        ),
        "<p id=\"readout\" aria-hidden=\"true\" hidden></p>",
        &format!(
            "<script>{JS}</script></body></html>
"
        ),
    ]
    .concat()
}

fn contents_entry(section: &Section) -> String {
    format!(
        "<li><a href=\"#{}\">{}</a></li>",
        section.id,
        escape(&section.title)
    )
}

fn section_markup(section: &Section) -> String {
    let Section { id, title, body } = section;
    format!(
        "<section id=\"{id}\"><h2>{}</h2>{body}</section>\n",
        escape(title)
    )
}

/// A picture with its caption, plain text that states the conditions.
pub(crate) fn figure(picture: &str, caption: &str) -> String {
    let caption = escape(caption);
    format!(
        "<figure><div class=\"scroll\">{picture}</div><figcaption>{caption}</figcaption></figure>"
    )
}

/// A paragraph of plain text.
pub(crate) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escape(text))
}

/// Markup folded away under a line of plain text; printed unfolded.
pub(crate) fn folded(title: &str, body: &str) -> String {
    format!(
        "<details><summary>{}</summary>{body}</details>",
        escape(title)
    )
}

/// A value for people that also carries the exact number of the results.
pub(crate) fn datum(value: f64, text: &str) -> String {
    let text = escape(text);
    if value.is_finite() {
        format!("<data value=\"{value}\">{text}</data>")
    } else {
        text
    }
}

/// Plain text that is not broken between lines.
pub(crate) fn whole(text: &str) -> String {
    format!("<span class=\"whole\">{}</span>", escape(text))
}

/// A table; cells are safe markup. The first column is a heading, the rest is aligned as `classes` say.
pub(crate) fn table(class: &str, head: &[String], rows: &[Vec<String>]) -> String {
    let mut out = format!("<div class=\"scroll\"><table class=\"{class}\"><thead><tr>");
    for cell in head {
        out.push_str(&format!("<th scope=\"col\">{cell}</th>"));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            if i == 0 {
                out.push_str(&format!("<th scope=\"row\">{cell}</th>"));
            } else {
                out.push_str(&format!("<td>{cell}</td>"));
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

/// Heads of a table from plain text.
pub(crate) fn heads(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| escape(text)).collect()
}
