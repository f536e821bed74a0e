//! What a style can mean. Views ask for a meaning and never for a colour.

/// Writes the meanings down once: the variant, its name in theme files, and what it is for.
macro_rules! meanings {
    ($($variant:ident $name:literal $about:literal,)*) => {
        /// What a style stands for.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Meaning {
            $(#[doc = $about] $variant,)*
        }

        impl Meaning {
            /// Every meaning, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in theme files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is for, as one sentence.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about.trim_ascii(),)* }
            }
        }
    };
}

meanings! {
    Text "text" " Ordinary text, and the ground of the whole screen.",
    Quiet "quiet" " What matters less: finished releases, units, explanations.",
    Title "title" " The title of a screen or a panel.",
    ColumnHeader "column_header" " The header of a table.",
    Selected "selected" " The row under the cursor.",
    Border "border" " Lines around and between panels.",
    BorderFocused "border_focused" " Lines around the panel that has the focus.",
    Key "key" " A key in the hint line.",
    KeyOff "key_off" " A key that cannot be used now.",
    Succeeded "succeeded" " It went well.",
    Failed "failed" " It failed. This colour is used for nothing else but rolling back.",
    RollingBack "rolling_back" " It is being rolled back. It shares the colour of what failed.",
    Waiting "waiting" " It needs you. This colour is used for nothing else.",
    Moving "moving" " It is in flight.",
    Timer "timer" " It waits for a timer.",
    Warning "warning" " Something is not as it was asked for.",
    Stale "stale" " Data that is old.",
    Stopped "stopped" " It was stopped.",
    Superseded "superseded" " A newer one took its place.",
    Unknown "unknown" " What cutover does not know.",
    Production "production" " The banner of production.",
    Demo "demo" " The banner of the demo.",
    ReadOnly "read_only" " The mark of read-only.",
    OldSide "old_side" " The old side of a release.",
    NewSide "new_side" " The new side of a release.",
    TrafficOld "traffic_old" " Traffic on the old side.",
    TrafficNew "traffic_new" " Traffic on the new side.",
    GaugeFull "gauge_full" " The full part of a gauge.",
    GaugeEmpty "gauge_empty" " The empty part of a gauge.",
    SearchMatch "search_match" " What a search or a filter found.",
    LogError "log_error" " A log line of level error.",
    LogWarn "log_warn" " A log line of level warn.",
    LogInfo "log_info" " A log line of level info.",
    LogDebug "log_debug" " A log line of level debug or trace.",
    DiffAdded "diff_added" " A line that a diff adds.",
    DiffRemoved "diff_removed" " A line that a diff removes.",
    Dialog "dialog" " The text and ground of a dialog.",
    DialogDanger "dialog_danger" " The title and frame of a dialog that changes production.",
    Button "button" " A button.",
    ButtonSelected "button_selected" " The button that Enter presses.",
    ErrorText "error_text" " What went wrong with a call or an input.",
}

impl Meaning {
    /// The meaning of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|meaning| meaning.name() == name)
    }

    /// Whether it is drawn as lines and blocks, where there is no text to read.
    pub fn is_graphic(self) -> bool {
        matches!(
            self,
            Self::Border
                | Self::BorderFocused
                | Self::TrafficOld
                | Self::TrafficNew
                | Self::GaugeFull
                | Self::GaugeEmpty
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_meaning() {
        for meaning in Meaning::ALL {
            assert_eq!(Meaning::from_name(meaning.name()), Some(*meaning));
        }
        assert_eq!(Meaning::from_name("red"), None);
    }

    #[test]
    fn the_order_is_the_order_of_the_variants() {
        for (index, meaning) in Meaning::ALL.iter().enumerate() {
            assert_eq!(*meaning as usize, index);
        }
    }
}
