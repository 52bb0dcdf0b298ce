//! `aerostat install` and `uninstall`: the kernelspec.

use std::io::Write;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Object};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde_json::{Value, json};

const TEMPLATE: &str = include_str!("../../../../kernelspec/kernel.json");

const LOGOS: [(&str, &[u8]); 3] = [
    ("logo-32x32.png", include_bytes!("../../../../kernelspec/logo-32x32.png")),
    ("logo-64x64.png", include_bytes!("../../../../kernelspec/logo-64x64.png")),
    ("logo-svg.svg", include_bytes!("../../../../kernelspec/logo-svg.svg")),
];

/// The name that notebooks know the kernel by.
const NAME: &str = "aerostat";

const EXAMPLES: &str = "\
Examples:
  aerostat install                                   for this user
  aerostat install --sys-prefix                      for the active virtual environment only
  aerostat install --prefix /opt/jupyter             for one installation
  aerostat install --name lake --env AEROSTAT_HOME=/data/lake
                                                     a second kernel, on a metastore of its own";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct InstallArguments {
    #[command(flatten)]
    place: Place,
    /// The name as it is shown [default: that of the template]
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// A variable for the kernel's environment; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    env: Vec<(String, String)>,
}

#[derive(Args)]
pub(crate) struct UninstallArguments {
    #[command(flatten)]
    place: Place,
}

/// Where a kernelspec is.
#[derive(Args)]
struct Place {
    /// In the user's Jupyter folder (the default)
    #[arg(long, conflicts_with_all = ["sys_prefix", "prefix"])]
    user: bool,
    /// In the active virtual or conda environment
    #[arg(long, conflicts_with = "prefix")]
    sys_prefix: bool,
    /// Under DIR/share/jupyter
    #[arg(long, value_name = "DIR")]
    prefix: Option<PathBuf>,
    /// The name that notebooks know the kernel by
    #[arg(long, default_value = NAME, value_parser = kernel_name)]
    name: String,
}

/// Writes the kernelspec.
pub(super) fn install(arguments: &InstallArguments) -> anyhow::Result<()> {
    let folder = arguments.place.folder()?;
    let failed = || format!("cannot write the kernelspec to `{}`", folder.display());
    std::fs::create_dir_all(&folder).with_context(failed)?;
    std::fs::write(folder.join("kernel.json"), kernel_json(arguments)?).with_context(failed)?;
    for (name, bytes) in LOGOS {
        std::fs::write(folder.join(name), bytes).with_context(failed)?;
    }
    Ok(writeln!(std::io::stdout(), "installed kernelspec `{}` in {}", arguments.place.name, folder.display())?)
}

/// What a notebook says of the kernel that runs it.
pub(super) fn kernelspec() -> anyhow::Result<Value> {
    let spec: Value = serde_json::from_str(TEMPLATE)?;
    Ok(json!({ "name": NAME, "display_name": spec["display_name"], "language": spec["language"] }))
}

/// Removes the kernelspec.
pub(super) fn uninstall(arguments: &UninstallArguments) -> anyhow::Result<()> {
    let folder = arguments.place.folder()?;
    if !folder.join("kernel.json").is_file() {
        let error = Error::not_found_among(Object::Kernelspec, &arguments.place.name, names_beside(&folder));
        return Err(anyhow!(error).context(format!("nothing to remove in {}", folder.display())));
    }
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove `{}`", folder.display()))?;
    Ok(writeln!(std::io::stdout(), "removed kernelspec `{}` from {}", arguments.place.name, folder.display())?)
}

/// The template with this executable and the settings asked for.
fn kernel_json(arguments: &InstallArguments) -> anyhow::Result<String> {
    let mut spec: Value = serde_json::from_str(TEMPLATE)?;
    let executable = std::env::current_exe().context("cannot find out where this program is")?;
    spec["argv"][0] = json!(executable);
    if let Some(display_name) = &arguments.display_name {
        spec["display_name"] = json!(display_name);
    }
    for (name, value) in &arguments.env {
        spec["env"][name] = json!(value);
    }
    Ok(serde_json::to_string_pretty(&spec)? + "\n")
}

impl Place {
    fn folder(&self) -> anyhow::Result<PathBuf> {
        let jupyter = match (&self.prefix, self.sys_prefix) {
            (Some(prefix), _) => prefix.join("share/jupyter"),
            (None, true) => environment()?.join("share/jupyter"),
            (None, false) => user_folder(),
        };
        Ok(jupyter.join("kernels").join(&self.name))
    }
}

/// The virtual or conda environment that is active.
fn environment() -> anyhow::Result<PathBuf> {
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().find_map(std::env::var_os);
    match active {
        Some(prefix) => Ok(prefix.into()),
        None => bail!(
            "no virtual or conda environment is active\n\
             hint: activate one, or pass its folder: --prefix \"$(python3 -c 'import sys; print(sys.prefix)')\""
        ),
    }
}

/// The folder in which Jupyter looks for what belongs to the user.
pub(super) fn user_folder() -> PathBuf {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    from("JUPYTER_DATA_DIR").unwrap_or_else(|| match cfg!(target_os = "macos") {
        true => super::home().join("Library/Jupyter"),
        false => from("XDG_DATA_HOME").unwrap_or_else(|| super::home().join(".local/share")).join("jupyter"),
    })
}

/// The folders in which Jupyter may look for kernelspecs, as far as can be told from here.
pub(super) fn kernel_folders() -> Vec<PathBuf> {
    let environment = environment().ok().map(|prefix| prefix.join("share/jupyter"));
    let system = ["/usr/local/share/jupyter", "/usr/share/jupyter"].map(PathBuf::from);
    [user_folder()].into_iter().chain(environment).chain(system).map(|folder| folder.join("kernels")).collect()
}

fn names_beside(folder: &Path) -> Vec<String> {
    let entries = folder.parent().and_then(|kernels| std::fs::read_dir(kernels).ok());
    entries.into_iter().flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

/// Jupyter's rule: ASCII letters, digits, and `._-`.
fn kernel_name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    match !text.is_empty() && text.chars().all(fits) && text.chars().any(|c| c != '.') {
        true => Ok(text.to_owned()),
        false => Err("a kernel's name has letters, digits, `.`, `_` and `-`".to_owned()),
    }
}
