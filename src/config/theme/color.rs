//! Colours: how they are written, how they differ, and what is nearest to them on a terminal that
//! has only a few.

use std::fmt;

/// A colour of the sRGB space.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Rgb {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl fmt::Display for Rgb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "#{:02x}{:02x}{:02x}",
            self.red, self.green, self.blue
        )
    }
}

/// The names of the sixteen colours, in the order of their numbers.
pub const ANSI_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// What xterm paints for the sixteen colours unless it is told otherwise.
const ANSI_COLORS: [Rgb; 16] = [
    Rgb::new(0, 0, 0),
    Rgb::new(205, 0, 0),
    Rgb::new(0, 205, 0),
    Rgb::new(205, 205, 0),
    Rgb::new(0, 0, 238),
    Rgb::new(205, 0, 205),
    Rgb::new(0, 205, 205),
    Rgb::new(229, 229, 229),
    Rgb::new(127, 127, 127),
    Rgb::new(255, 0, 0),
    Rgb::new(0, 255, 0),
    Rgb::new(255, 255, 0),
    Rgb::new(92, 92, 255),
    Rgb::new(255, 0, 255),
    Rgb::new(0, 255, 255),
    Rgb::new(255, 255, 255),
];

impl Rgb {
    /// A colour of its three parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self { red, green, blue })
    }

    /// How much light it gives, from 0 for black to 1 for white (relative luminance, WCAG 2.2).
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = [self.red, self.green, self.blue].map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// How well it can be read on `ground`, from 1 to 21 (contrast ratio, WCAG 2.2).
    pub fn contrast(self, ground: Self) -> f64 {
        let (left, right) = (self.luminance(), ground.luminance());
        (left.max(right) + 0.05) / (left.min(right) + 0.05)
    }

    /// The number of the nearest colour among the 240 fixed ones of the 256: a cube of 6 by 6 by 6
    /// from number 16, and 24 greys from number 232. The first sixteen are the person's own.
    pub fn nearest_256(self) -> u8 {
        let [red, green, blue] = [self.red, self.green, self.blue].map(cube_step);
        let in_cube = Self::new(cube_value(red), cube_value(green), cube_value(blue));
        let average = (u16::from(self.red) + u16::from(self.green) + u16::from(self.blue)) / 3;
        let grey_step = u8::try_from(average.saturating_sub(3) / 10)
            .unwrap_or(23)
            .min(23);
        let grey_value = 8 + 10 * grey_step;
        let grey = Self::new(grey_value, grey_value, grey_value);
        if self.distance(grey) < self.distance(in_cube) {
            232 + grey_step
        } else {
            16 + 36 * red + 6 * green + blue
        }
    }

    /// The number of the nearest of the sixteen colours, as xterm paints them.
    pub fn nearest_16(self) -> u8 {
        (0_u8..)
            .zip(ANSI_COLORS)
            .min_by_key(|(_, color)| self.distance(*color))
            .map_or(7, |(number, _)| number)
    }

    /// What a terminal shows for a number of its 256 colours.
    pub fn of_number(number: u8) -> Self {
        if let Some(color) = ANSI_COLORS.get(usize::from(number)) {
            return *color;
        }
        if let Some(step) = number.checked_sub(232) {
            let value = 8 + 10 * step;
            return Self::new(value, value, value);
        }
        let cube = number - 16;
        Self::new(
            cube_value(cube / 36),
            cube_value(cube / 6 % 6),
            cube_value(cube % 6),
        )
    }

    /// How far two colours are apart for the eye: a weighted distance that is close to perception
    /// and cheap (the "redmean" approximation).
    fn distance(self, other: Self) -> i64 {
        let part = |left: u8, right: u8| i64::from(left) - i64::from(right);
        let mean = i64::midpoint(i64::from(self.red), i64::from(other.red));
        let red = part(self.red, other.red);
        let green = part(self.green, other.green);
        let blue = part(self.blue, other.blue);
        (512 + mean) * red * red + 1024 * green * green + (767 - mean) * blue * blue
    }
}

/// One part of a colour as an amount of light, from 0 to 1.
fn linear(part: u8) -> f64 {
    let value = f64::from(part) / 255.0;
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// The steps of the cube are 0, 95, 135, 175, 215 and 255.
fn cube_value(step: u8) -> u8 {
    if step == 0 { 0 } else { 55 + 40 * step }
}

fn cube_step(part: u8) -> u8 {
    (0..6)
        .min_by_key(|step| cube_value(*step).abs_diff(part))
        .unwrap_or_default()
}

/// The number of one of the sixteen colours by its name.
pub fn ansi_number(name: &str) -> Option<u8> {
    (0_u8..)
        .zip(ANSI_NAMES)
        .find(|(_, known)| *known == name)
        .map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_six_digits_and_nothing_else() {
        assert_eq!(Rgb::parse("#0a10FF"), Some(Rgb::new(10, 16, 255)));
        for refused in ["0a10ff", "#fff", "#0a10f", "#0a10fg", "#+a10ff", "red", ""] {
            assert_eq!(Rgb::parse(refused), None, "{refused}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let (black, white) = (Rgb::new(0, 0, 0), Rgb::new(255, 255, 255));
        assert!((white.contrast(black) - 21.0).abs() < 0.001);
        assert!((black.contrast(black) - 1.0).abs() < 0.001);
        // The grey that is known as the lightest one with 4.5 on white.
        let ratio = Rgb::parse("#767676").unwrap().contrast(white);
        assert!((4.5..4.6).contains(&ratio), "{ratio}");
    }

    #[test]
    fn exact_colours_keep_their_number() {
        for number in 16..=255 {
            let color = Rgb::of_number(number);
            assert_eq!(Rgb::of_number(color.nearest_256()), color, "{number}");
        }
        for number in 0..16 {
            assert_eq!(Rgb::of_number(number).nearest_16(), number);
        }
    }

    proptest! {
        #[test]
        fn nothing_else_is_clearly_nearer(red: u8, green: u8, blue: u8) {
            let color = Rgb::new(red, green, blue);
            let chosen = color.distance(Rgb::of_number(color.nearest_256()));
            let best = (16..=255).map(|number| color.distance(Rgb::of_number(number))).min();
            // The greys and the cube are tried apart, which may miss the best by a little.
            prop_assert!(chosen <= best.unwrap() * 3 / 2 + 200_000, "{} {:?}", chosen, best);
        }

        #[test]
        fn what_is_written_can_be_read_again(red: u8, green: u8, blue: u8) {
            let color = Rgb::new(red, green, blue);
            prop_assert_eq!(Rgb::parse(&color.to_string()), Some(color));
        }
    }

    #[test]
    fn names_have_numbers() {
        assert_eq!(ansi_number("black"), Some(0));
        assert_eq!(ansi_number("bright-white"), Some(15));
        assert_eq!(ansi_number("mauve"), None);
    }
}
