//! A Rust file seen as code, as words of the program and as text in quotes, line for line.

/// The three views of a file. All have the file's lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct RustSource {
    /// Without comments.
    pub(crate) code: String,
    /// Without comments and without what stands in quotes.
    pub(crate) words: String,
}

impl RustSource {
    /// Splits a file; what follows `#[cfg(test)]` on a module with a body is left out of both views.
    pub(crate) fn read(text: &str) -> Self {
        let mut reader = Reader::new(text);
        while reader.step() {}
        let (code, words) = (reader.code, reader.words);
        let end = inline_tests(&words).unwrap_or(usize::MAX);
        Self {
            code: first_lines(&code, end),
            words: first_lines(&words, end),
        }
    }

    /// The lines that hold `needle` in a view, counted from one.
    pub(crate) fn lines_with<'a>(
        view: &'a str,
        needle: &'a str,
    ) -> impl Iterator<Item = usize> + 'a {
        view.lines()
            .enumerate()
            .filter(move |(_, line)| line.contains(needle))
            .map(|(i, _)| i + 1)
    }
}

/// The line of the file's own test module, which by our habit comes last.
fn inline_tests(words: &str) -> Option<usize> {
    let lines: Vec<&str> = words.lines().map(str::trim).collect();
    lines.windows(2).position(|pair| {
        pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
    })
}

fn first_lines(text: &str, count: usize) -> String {
    let end = text.split_inclusive('\n').take(count).map(str::len).sum();
    text[..end].to_owned()
}

struct Reader<'a> {
    rest: &'a str,
    code: String,
    words: String,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            code: String::new(),
            words: String::new(),
        }
    }

    /// Takes one token: a comment, a literal, an identifier or a character.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        if self.rest.starts_with("//") {
            self.drop_text(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.drop_text(block_comment(self.rest));
        } else if let Some(length) = raw_string(self.rest) {
            self.quote(length);
        } else if first == '"' {
            self.quote(string(self.rest));
        } else if let Some(length) = character(self.rest) {
            self.quote(length);
        } else if first.is_alphanumeric() || first == '_' {
            let length = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            self.keep(length.unwrap_or(self.rest.len()));
        } else {
            self.keep(first.len_utf8());
        }
        true
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn keep(&mut self, length: usize) {
        let text = self.take(length);
        self.code.push_str(text);
        self.words.push_str(text);
    }

    fn quote(&mut self, length: usize) {
        let text = self.take(length);
        self.code.push_str(text);
        self.words.push_str("\"\"");
        self.words.extend(text.chars().filter(|c| *c == '\n'));
    }

    fn drop_text(&mut self, length: usize) {
        for line_end in self.take(length).chars().filter(|c| *c == '\n') {
            self.code.push(line_end);
            self.words.push(line_end);
        }
    }
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`: the length, when one stands here.
fn raw_string(text: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r"]
        .into_iter()
        .find(|prefix| text.starts_with(prefix))?;
    let after = &text[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let opening = prefix.len() + hashes + 1;
    Some(
        body.find(&end)
            .map_or(text.len(), |at| opening + at + end.len()),
    )
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `'x'` or `'\u{…}'`, but not a lifetime.
fn character(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return body[2..].find('\'').map(|at| at + 4);
    }
    let first = body.chars().next()?;
    let length = first.len_utf8();
    body[length..].starts_with('\'').then_some(length + 2)
}

#[cfg(test)]
mod tests {
    use super::RustSource;

    #[test]
    fn comments_leave_the_code_and_quotes_leave_the_words() {
        let source =
            RustSource::read("let a = \"SELECT\"; // SELECT\n/* x\n/* y */ */ let b = 'c';\n");
        assert_eq!(source.code, "let a = \"SELECT\"; \n\n let b = 'c';\n");
        assert_eq!(source.words, "let a = \"\"; \n\n let b = \"\";\n");
    }

    #[test]
    fn escapes_raw_strings_and_lifetimes_are_read() {
        let source =
            RustSource::read("f::<'a>(\"\\\"//\", r#\"\"/*\"#, '\\'', br\"x\");\nlet end = 1;\n");
        assert_eq!(
            source.words,
            "f::<'a>(\"\", \"\", \"\", \"\");\nlet end = 1;\n"
        );
    }

    #[test]
    fn inline_tests_are_no_part_of_the_code() {
        let source = RustSource::read("fn a() {}\n#[cfg(test)]\nmod tests {\n  SQL\n}\n");
        assert_eq!(source.code, "fn a() {}\n");
        let beside = RustSource::read("#[cfg(test)]\nmod tests;\nfn a() {}\n");
        assert!(beside.code.contains("fn a()"));
    }
}
