//! What is measured: indicators that everybody asks for under their real names and codes, and others of the same kind.

use std::fmt::Write as _;

/// How the values of an indicator are spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    /// Growth in percent: around a mean, of either sign.
    Growth { mean: f64, spread: f64 },
    /// A part in percent.
    Share { mean: f64 },
    /// A size with a long tail, in proportion to the size of the country.
    Size { median: f64 },
    /// A positive number about as large everywhere.
    Rate { median: f64, spread: f64 },
}

/// One indicator.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Indicator {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) measure: Measure,
    /// The part of the years for which there are figures.
    pub(super) coverage: f64,
}

/// How many indicators there are in all.
pub(super) const ALL: usize = 1446;

/// The ones that are known by name, with the part of the years for which there are figures.
const KNOWN: [(&str, &str, Measure, f64); 30] = [
    ("GDP growth (annual %)", "NY.GDP.MKTP.KD.ZG", Measure::Growth { mean: 3.6, spread: 5.0 }, 0.82),
    ("GDP (current US$)", "NY.GDP.MKTP.CD", Measure::Size { median: 2e10 }, 0.84),
    ("GDP per capita (current US$)", "NY.GDP.PCAP.CD", Measure::Rate { median: 4000.0, spread: 1.4 }, 0.84),
    ("GDP per capita growth (annual %)", "NY.GDP.PCAP.KD.ZG", Measure::Growth { mean: 2.0, spread: 5.0 }, 0.82),
    ("Population, total", "SP.POP.TOTL", Measure::Size { median: 6e6 }, 1.0),
    ("Population, female (% of total population)", "SP.POP.TOTL.FE.ZS", Measure::Share { mean: 50.0 }, 0.99),
    ("Population growth (annual %)", "SP.POP.GROW", Measure::Growth { mean: 1.7, spread: 1.2 }, 1.0),
    (
        "Population density (people per sq. km of land area)",
        "EN.POP.DNST",
        Measure::Rate { median: 70.0, spread: 1.4 },
        0.97,
    ),
    ("Urban population (% of total population)", "SP.URB.TOTL.IN.ZS", Measure::Share { mean: 50.0 }, 0.99),
    ("Life expectancy at birth, total (years)", "SP.DYN.LE00.IN", Measure::Rate { median: 66.0, spread: 0.14 }, 0.95),
    ("Fertility rate, total (births per woman)", "SP.DYN.TFRT.IN", Measure::Rate { median: 3.4, spread: 0.5 }, 0.94),
    (
        "Mortality rate, infant (per 1,000 live births)",
        "SP.DYN.IMRT.IN",
        Measure::Rate { median: 38.0, spread: 0.9 },
        0.8,
    ),
    ("Inflation, consumer prices (annual %)", "FP.CPI.TOTL.ZG", Measure::Growth { mean: 7.0, spread: 9.0 }, 0.62),
    ("Inflation, GDP deflator (annual %)", "NY.GDP.DEFL.KD.ZG", Measure::Growth { mean: 7.0, spread: 9.0 }, 0.8),
    (
        "Unemployment, total (% of total labor force) (modeled ILO estimate)",
        "SL.UEM.TOTL.ZS",
        Measure::Share { mean: 8.0 },
        0.4,
    ),
    ("Labor force, female (% of total labor force)", "SL.TLF.TOTL.FE.ZS", Measure::Share { mean: 40.0 }, 0.4),
    ("Exports of goods and services (% of GDP)", "NE.EXP.GNFS.ZS", Measure::Share { mean: 34.0 }, 0.7),
    ("Imports of goods and services (% of GDP)", "NE.IMP.GNFS.ZS", Measure::Share { mean: 39.0 }, 0.7),
    (
        "Foreign direct investment, net inflows (BoP, current US$)",
        "BX.KLT.DINV.CD.WD",
        Measure::Size { median: 3e8 },
        0.66,
    ),
    ("Agriculture, value added (% of GDP)", "NV.AGR.TOTL.ZS", Measure::Share { mean: 15.0 }, 0.6),
    ("Industry, value added (% of GDP)", "NV.IND.TOTL.ZS", Measure::Share { mean: 27.0 }, 0.6),
    ("Services, etc., value added (% of GDP)", "NV.SRV.TETC.ZS", Measure::Share { mean: 52.0 }, 0.6),
    ("Access to electricity (% of population)", "EG.ELC.ACCS.ZS", Measure::Share { mean: 80.0 }, 0.42),
    ("Access to electricity, rural (% of rural population)", "EG.ELC.ACCS.RU.ZS", Measure::Share { mean: 68.0 }, 0.4),
    ("CO2 emissions (metric tons per capita)", "EN.ATM.CO2E.PC", Measure::Rate { median: 2.2, spread: 1.3 }, 0.78),
    ("Forest area (% of land area)", "AG.LND.FRST.ZS", Measure::Share { mean: 32.0 }, 0.43),
    ("School enrollment, primary (% gross)", "SE.PRM.ENRR", Measure::Rate { median: 100.0, spread: 0.2 }, 0.64),
    (
        "Literacy rate, adult total (% of people ages 15 and above)",
        "SE.ADT.LITR.ZS",
        Measure::Share { mean: 78.0 },
        0.1,
    ),
    ("Individuals using the Internet (% of population)", "IT.NET.USER.ZS", Measure::Share { mean: 25.0 }, 0.42),
    (
        "Charges for the use of intellectual property, payments (BoP, current US$)",
        "BM.GSR.ROYL.CD",
        Measure::Size { median: 4e7 },
        0.5,
    ),
];

/// Subjects, with the beginning of their codes.
const SUBJECTS: [(&str, &str); 36] = [
    ("Borrowing from a financial institution", "FX.BOR"),
    ("Account at a financial institution", "FX.ACC"),
    ("Employment in agriculture", "SL.AGR"),
    ("Employment in industry", "SL.IND"),
    ("Employment in services", "SL.SRV"),
    ("Vulnerable employment", "SL.EMP.VULN"),
    ("Self-employed workers", "SL.EMP.SELF"),
    ("Contributing family workers", "SL.FAM"),
    ("Children in employment", "SL.TLF.CHLD"),
    ("Labor force participation", "SL.TLF.CACT"),
    ("Educational attainment, primary", "SE.PRM.CUAT"),
    ("Educational attainment, secondary", "SE.SEC.CUAT"),
    ("Educational attainment, tertiary", "SE.TER.CUAT"),
    ("School enrollment, preprimary", "SE.PRE"),
    ("School enrollment, secondary", "SE.SEC"),
    ("School enrollment, tertiary", "SE.TER"),
    ("Repeaters, primary", "SE.PRM.REPT"),
    ("Trained teachers in primary education", "SE.PRM.TCAQ"),
    ("Immunization, measles", "SH.IMM.MEAS"),
    ("Immunization, DPT", "SH.IMM.IDPT"),
    ("Prevalence of anemia", "SH.ANM"),
    ("Prevalence of overweight", "SH.STA.OWGH"),
    ("Prevalence of stunting", "SH.STA.STNT"),
    ("Prevalence of wasting", "SH.STA.WAST"),
    ("Prevalence of HIV", "SH.DYN.AIDS"),
    ("Smoking prevalence", "SH.PRV.SMOK"),
    ("Diabetes prevalence", "SH.STA.DIAB"),
    ("Use of basic drinking water services", "SH.H2O.BASW"),
    ("Use of basic sanitation services", "SH.STA.BASS"),
    ("Use of mobile money", "FX.MOB"),
    ("Households with a computer", "IT.CMP"),
    ("Mobile cellular subscriptions", "IT.CEL"),
    ("Poverty headcount", "SI.POV"),
    ("Social protection coverage", "PER.SP"),
    ("International migrants", "SM.POP"),
    ("Survival to age 65", "SP.DYN.TO65"),
];

/// Of whom, with a part of the code.
const GROUPS: [(&str, &str); 10] = [
    ("", "TOTL"),
    (", female", "FE"),
    (", male", "MA"),
    (", rural", "RU"),
    (", urban", "UR"),
    (", ages 15-24, female", "1524.FE"),
    (", ages 15-24, male", "1524.MA"),
    (", ages 25-64", "2564"),
    (", poorest 40%", "40"),
    (", richest 60%", "60"),
];

/// In which unit, with the end of the code.
const UNITS: [(&str, &str, Measure); 4] = [
    ("(% of the group)", "ZS", Measure::Share { mean: 35.0 }),
    ("(number)", "NO", Measure::Size { median: 9e5 }),
    ("(annual % growth)", "ZG", Measure::Growth { mean: 1.5, spread: 4.0 }),
    ("(per 1,000 people)", "P3", Measure::Rate { median: 120.0, spread: 0.8 }),
];

/// The first `count` indicators.
pub(super) fn indicators(count: usize) -> Vec<Indicator> {
    let known = KNOWN.into_iter().map(|(name, code, measure, coverage)| {
        let (name, code) = (name.to_owned(), code.to_owned());
        Indicator { name, code, measure, coverage }
    });
    known.chain((0..ALL - KNOWN.len()).map(composed)).take(count).collect()
}

/// Subject by subject, so that a part of the indicators has many subjects.
fn composed(number: usize) -> Indicator {
    let (subject, number) = (SUBJECTS[number % SUBJECTS.len()], number / SUBJECTS.len());
    let (group, unit) = (GROUPS[number % GROUPS.len()], UNITS[number / GROUPS.len() % UNITS.len()]);
    let mut name = String::from(subject.0);
    // Writing to a string cannot fail.
    let _ = write!(name, "{} {}", group.0, unit.0);
    let coverage = 0.15 + 0.6 * (number * 7 % 10) as f64 / 10.0;
    Indicator { name, code: format!("{}.{}.{}", subject.1, group.1, unit.1), measure: unit.2, coverage }
}
