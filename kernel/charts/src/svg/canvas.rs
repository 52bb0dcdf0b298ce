//! Lines, shapes and texts on a white page.
//!
//! The page is white whatever is around it: an image in a notebook does not know whether its page is dark.

use plotters::backend::SVGBackend;
use plotters::prelude::{Color, DrawingBackend, FontTransform, IntoFont, RGBAColor, RGBColor, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::palette::rgb;

pub(super) const TEXT: &str = "#333333";
pub(super) const FAINT: &str = "#666666";
pub(super) const GRID: &str = "#DDDDDD";
pub(super) const AXIS: &str = "#888888";
pub(super) const WHITE: &str = "#FFFFFF";

/// The size of labels.
pub(super) const SMALL: f64 = 11.0;
/// Plotters writes sizes of fonts divided by this.
const FONT: f64 = 1.24;

/// A place on the page; fractions of pixels are rounded when drawn.
pub(super) type At = (f64, f64);

/// A page that is drawn on.
pub(super) struct Canvas<'a>(SVGBackend<'a>);

/// How a text stands at its place.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    /// It begins there, its middle at that height.
    Start,
    /// It ends there, its middle at that height.
    End,
    /// It is centred there.
    Middle,
    /// It hangs centred below.
    Below,
    /// It runs upwards, and ends there.
    Upwards,
    /// It runs upwards, and is centred there.
    Sideways,
}

/// Drawing into a string cannot fail, which is why results are dropped here.
impl<'a> Canvas<'a> {
    pub(super) fn new(page: &'a mut String, size: (u32, u32)) -> Self {
        let mut canvas = Self(SVGBackend::with_string(page, size));
        canvas.rectangle((0.0, 0.0), (f64::from(size.0), f64::from(size.1)), WHITE, 1.0);
        canvas
    }

    pub(super) fn finish(mut self) {
        let _ = self.0.present();
    }

    pub(super) fn line(&mut self, from: At, to: At, color: &str, width: u32) {
        let _ = self.0.draw_line(pixel(from), pixel(to), &style(color, 1.0, width));
    }

    pub(super) fn path(&mut self, points: impl IntoIterator<Item = At>, color: &str, width: u32) {
        let _ = self.0.draw_path(points.into_iter().map(pixel), &style(color, 1.0, width));
    }

    pub(super) fn rectangle(&mut self, from: At, to: At, color: &str, opacity: f64) {
        let ((x0, y0), (x1, y1)) = (pixel(from), pixel(to));
        let (least, most) = ((x0.min(x1), y0.min(y1)), (x0.max(x1), y0.max(y1)));
        let _ = self.0.draw_rect(least, most, &style(color, opacity, 0), true);
    }

    pub(super) fn polygon(&mut self, points: impl IntoIterator<Item = At>, color: &str, opacity: f64) {
        let _ = self.0.fill_polygon(points.into_iter().map(pixel), &style(color, opacity, 0));
    }

    pub(super) fn dot(&mut self, at: At, radius: u32, color: &str, opacity: f64) {
        let _ = self.0.draw_circle(pixel(at), radius, &style(color, opacity, 1), true);
    }

    pub(super) fn ring(&mut self, at: At, radius: u32, color: &str) {
        let _ = self.0.draw_circle(pixel(at), radius, &style(color, 0.7, 1), false);
    }

    pub(super) fn text(&mut self, text: &str, at: At, size: f64, color: &str, anchor: Anchor) {
        let (h, v, turned) = match anchor {
            Anchor::Start => (HPos::Left, VPos::Center, false),
            Anchor::End => (HPos::Right, VPos::Center, false),
            Anchor::Middle => (HPos::Center, VPos::Center, false),
            Anchor::Below => (HPos::Center, VPos::Top, false),
            Anchor::Upwards => (HPos::Right, VPos::Center, true),
            Anchor::Sideways => (HPos::Center, VPos::Center, true),
        };
        let font = ("sans-serif", size * FONT).into_font();
        let font = if turned { font.transform(FontTransform::Rotate270) } else { font };
        let ink = opaque(color);
        let style = TextStyle::from(font).color(&ink).pos(Pos::new(h, v));
        let _ = self.0.draw_text(text, &style, pixel(at));
    }
}

fn pixel((x, y): At) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

fn opaque(color: &str) -> RGBAColor {
    let (red, green, blue) = rgb(color);
    RGBColor(red, green, blue).to_rgba()
}

fn style(color: &str, opacity: f64, stroke_width: u32) -> ShapeStyle {
    ShapeStyle { color: opaque(color).mix(opacity), filled: true, stroke_width }
}

/// About how wide a text of this size is: fonts differ, and none is at hand.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.56 } else { 0.8 }).sum::<f64>() * size
}

/// The text, cut to a width.
pub(super) fn cut(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept, size) + 1.5 * size > room {
            break;
        }
        kept.push(c);
    }
    kept.trim_end().to_owned() + "…"
}
