//! An error's chain of causes, as one sentence.

use std::error::Error;

/// Layers of the SDK that say nothing beyond what their cause says.
const EMPTY_WORDS: [&str; 10] = [
    "dispatch failure",
    "service error",
    "response error",
    "construction failure",
    "failed to construct request",
    "unhandled error",
    "io error",
    "other",
    "client error (Connect)",
    "client error (SendRequest)",
];

/// The error and its causes, outermost first.
pub(super) fn of<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

/// Whether any cause's words contain one of `needles`, which are lowercase.
pub(super) fn mentions(error: &(dyn Error + 'static), needles: &[&str]) -> bool {
    of(error).any(|cause| {
        let text = cause.to_string().to_lowercase();
        needles.iter().any(|needle| text.contains(needle))
    })
}

/// The causes joined by colons. Layers without words of their own are left out, and so is a cause
/// that another layer quotes already.
pub(super) fn flatten(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in of(error) {
        let text = cause.to_string().trim().to_owned();
        if text.is_empty() || EMPTY_WORDS.contains(&text.as_str()) {
            continue;
        }
        if parts.iter().any(|part| part.contains(&text)) {
            continue;
        }
        parts.retain(|part| !text.contains(part));
        parts.push(text);
    }
    if parts.is_empty() {
        return error.to_string();
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: &'static str,
        #[source]
        cause: Option<Box<Layer>>,
    }

    fn layers(texts: &[&'static str]) -> Layer {
        let mut built = None;
        for text in texts.iter().rev() {
            built = Some(Layer {
                text,
                cause: built.map(Box::new),
            });
        }
        built.unwrap()
    }

    #[test]
    fn layers_without_words_and_repetitions_are_left_out() {
        let error = layers(&[
            "dispatch failure",
            "io error",
            "tcp connect error",
            "tcp connect error: Connection refused (os error 111)",
            "Connection refused (os error 111)",
        ]);
        assert_eq!(
            flatten(&error),
            "tcp connect error: Connection refused (os error 111)"
        );
    }

    #[test]
    fn a_chain_of_empty_words_still_says_something() {
        assert_eq!(
            flatten(&layers(&["dispatch failure", "io error"])),
            "dispatch failure"
        );
    }

    #[test]
    fn a_word_is_found_at_any_depth() {
        let error = layers(&["outer", "The Token has EXPIRED"]);
        assert!(mentions(&error, &["expired"]));
        assert!(!mentions(&error, &["region"]));
    }
}
