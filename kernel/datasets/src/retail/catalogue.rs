//! The goods: codes, descriptions, list prices, and how well each sells.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::draw::{Shares, log_normal};

/// How many different goods are on offer, about as in the real file.
const PRODUCTS: usize = 4_000;

/// The spread of the goods' sales: the best seller sells about fifty times as often as the median.
const POPULARITY_SPREAD: f64 = 1.15;

/// What is sold, its list price in pence, and how many pieces are in a carton.
const THINGS: [(&str, i64, i64); 47] = [
    ("GIFT TAG", 19, 48),
    ("POSTCARD", 29, 24),
    ("GIFT WRAP SHEET", 42, 25),
    ("PAPER GARLAND", 42, 24),
    ("TEA TOWEL RING", 39, 12),
    ("COCKTAIL STIRRER", 42, 24),
    ("PAPER NAPKINS", 85, 12),
    ("NOTEBOOK", 85, 12),
    ("CAKE CASES", 55, 24),
    ("LUNCH BOX CHARM", 65, 12),
    ("CANDLE HOLDER", 85, 12),
    ("HANGING ORNAMENT", 85, 24),
    ("EGG CUP", 125, 12),
    ("PENCIL TIN", 125, 12),
    ("BISCUIT CUTTER", 125, 12),
    ("TRINKET DISH", 125, 12),
    ("SEWING KIT", 145, 12),
    ("COIN PURSE", 125, 12),
    ("TABLE BUNTING", 145, 10),
    ("SHOPPING BAG", 165, 10),
    ("LUNCH BAG", 165, 10),
    ("STORAGE JAR", 165, 12),
    ("MUG", 165, 6),
    ("TEA TOWEL", 195, 12),
    ("PHOTO FRAME", 195, 12),
    ("CUTLERY SET", 210, 10),
    ("JUMBO TOTE", 210, 10),
    ("MILK JUG", 210, 6),
    ("SOAP DISH", 225, 6),
    ("ENAMEL BOWL", 245, 6),
    ("HOT WATER BOTTLE", 295, 6),
    ("WALL HOOK", 255, 6),
    ("APRON", 295, 6),
    ("T-LIGHT LANTERN", 255, 6),
    ("DOOR SIGN", 295, 8),
    ("RECIPE BOX", 375, 4),
    ("PICNIC PLATE", 295, 6),
    ("ALARM CLOCK", 375, 4),
    ("BREAD TIN", 495, 4),
    ("CUSHION COVER", 495, 4),
    ("DOORMAT", 795, 2),
    ("FAIRY LIGHTS", 425, 4),
    ("TEAPOT", 595, 3),
    ("SIDE TABLE TRAY", 995, 2),
    ("CAKE STAND", 1275, 2),
    ("WALL CLOCK", 1695, 1),
    ("DRAWER KNOB", 145, 12),
];

const MOTIFS: [&str; 20] = [
    "HEART",
    "ROSE",
    "SPOTTY",
    "GINGHAM",
    "SWALLOW",
    "DAISY",
    "STAR",
    "STRIPE",
    "OWL",
    "BUTTERFLY",
    "FERN",
    "CHERRY",
    "TOADSTOOL",
    "REINDEER",
    "SAILING BOAT",
    "VINTAGE MAP",
    "POPPY",
    "WOODLAND",
    "CIRCUS",
    "ALPHABET",
];

const COLOURS: [&str; 11] =
    ["WHITE", "RED", "IVORY", "BLUE", "PINK", "GREEN", "SILVER", "ANTIQUE", "CREAM", "BLACK", "TURQUOISE"];

const LETTERS: [&str; 6] = ["A", "B", "C", "D", "L", "S"];

/// One of the goods.
pub struct Product {
    pub code: String,
    /// As it is written in the file: quoted where CSV needs it.
    pub description: String,
    /// List price in pence.
    pub price: i64,
    /// Pieces in a carton, the usual quantity of a trade order.
    pub carton: i64,
}

/// All goods, drawn by popularity.
pub struct Catalogue {
    products: Vec<Product>,
    popularity: Shares,
}

impl Catalogue {
    pub fn new(rng: &mut ChaCha8Rng) -> Catalogue {
        let products = (0..PRODUCTS).map(|number| product(number, rng)).collect();
        let popularity = Shares::new((0..PRODUCTS).map(|_| log_normal(rng, 1.0, POPULARITY_SPREAD)));
        Catalogue { products, popularity }
    }

    /// Draws the number of a product, for [`Catalogue::product`].
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> usize {
        self.popularity.draw(rng)
    }

    pub fn product(&self, number: usize) -> &Product {
        &self.products[number]
    }
}

fn product(number: usize, rng: &mut ChaCha8Rng) -> Product {
    // Things, motifs and colours are coprime in number, so that no two of 47 * 20 * 11 numbers agree in all three.
    let (thing, price, carton) = THINGS[number % THINGS.len()];
    let (motif, colour) = (MOTIFS[number % MOTIFS.len()], COLOURS[number % COLOURS.len()]);
    let digits = 20_003 + number * 16;
    let code =
        if number % 10 == 3 { format!("{digits}{}", LETTERS[number / 10 % LETTERS.len()]) } else { digits.to_string() };
    Product { code, description: describe(thing, motif, colour, rng), price, carton }
}

/// Puts the words together; some descriptions hold commas, quotes, lower case or a space at the end, as real ones do.
fn describe(thing: &str, motif: &str, colour: &str, rng: &mut ChaCha8Rng) -> String {
    match rng.random_range(0..400) {
        0..4 => format!("\"{thing}, {colour} {motif}\""),
        4..6 => format!("\"{motif} {thing} 7\"\" {colour}\""),
        6..8 => format!("{thing} {motif} 30x40cm"),
        8..40 => format!("SET OF 3 {colour} {motif} {thing}"),
        40..110 => format!("{colour} {motif} {thing} "),
        110..200 => format!("{thing} {colour} {motif}"),
        _ => format!("{colour} {motif} {thing}"),
    }
}
