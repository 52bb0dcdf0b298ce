//! What cells ask of the kernel. The other side of each call is in `kernel/prelude`.

use std::sync::Arc;
use std::vec::IntoIter;

use aerostat_bridge::{Call, Failure, Message, Value, Variable};
use aerostat_charts::{Kind, Options};
use aerostat_error::{Error, Result};
use aerostat_session::{
    Choice, DisplayHandle, MimeBundle, Output, Session, caught, chart_bundle, describe, display, selected,
};
use polars::prelude::{DataType, LazyFrame, PlSmallStr, Series};

use crate::convert::{to_error, to_failure, to_parameter};
use crate::link::{Ended, Link};
use crate::udf::{Functions, RemoteUdf};

/// Shows a value of a type as interpreted cells do: as a result, or, if so told, as `display` does.
pub(crate) type Shower = Arc<dyn Fn(&str, Value, bool) -> Result<MimeBundle> + Send + Sync>;

/// What calls are answered with.
#[derive(Clone)]
pub(crate) struct Calls {
    pub(crate) session: Session,
    pub(crate) output: Arc<dyn Output>,
    pub(crate) shower: Shower,
    pub(crate) functions: Functions,
}

impl Calls {
    pub(crate) fn link(&self) -> &Arc<Link> {
        &self.functions.link
    }

    /// Shows what the process prints. What it prints before the first cell of the user is not the user's.
    pub(crate) fn print(&self, [stdout, stderr]: [String; 2]) {
        if self.link().has_user_begun() {
            self.output.stdout(&stdout);
            self.output.stderr(&stderr);
        }
    }

    /// Answers a call. A panic is an error of the call, or its cell would wait for ever.
    pub(crate) fn answer(&self, call: Message) -> Result<Message, Failure> {
        let answer = caught(|| {
            let Call { method, args } = call.into_call().map_err(to_error)?;
            let value = self.run(&method, Args(args.into_iter()))?;
            // A plan that cannot cross is run like any other.
            let run = |plan| self.session.collect(plan).map_err(|error| to_failure(&error));
            Message::answer(value, &run).map_err(to_error)
        });
        answer.map_err(|error| to_failure(&error))
    }

    fn run(&self, method: &str, mut args: Args) -> Result<Value> {
        let (session, link) = (&self.session, self.link());
        match method {
            "begin" => return Ok(link.begin()),
            "end" => link.end(ended(&mut args)?),
            "result" => {
                let value = args.next()?;
                link.set_result(self.shown(value, &args.text()?, false)?);
            }
            "result_text" => link.set_result(MimeBundle::text(args.text()?)),
            "display" => {
                let value = args.next()?;
                self.output.display(&self.shown(value, &args.text()?, true)?);
            }
            "display_handle" => {
                let value = args.next()?;
                let handle = DisplayHandle::show(&*self.output, &self.shown(value, &args.text()?, false)?);
                return Ok(Value::str(handle.id()));
            }
            "update_display" => {
                let value = args.next()?;
                let shown = self.shown(value, &args.text()?, false)?;
                self.output.update_display(&shown, &args.text()?);
            }
            "clear_output" => self.output.clear_output(args.bool()?),
            "input" => return Ok(Value::Str(self.output.input(&args.text()?, args.bool()?)?)),
            "make_widget" => return self.make_widget(&mut args),
            "widget" => return Ok(Value::Str(session.widget(&args.text()?)?)),
            "remove_widget" => session.remove_widget(&args.text()?)?,
            "remove_all_widgets" => session.remove_all_widgets(),
            "parameter" => {
                let name = args.text()?;
                session.set_parameter(&name, to_parameter(args.next()?).ok_or_else(misunderstood)?);
            }
            "show" => {
                let frame = session.collect(args.plan()?)?;
                let rows = usize::try_from(args.int()?).unwrap_or(usize::MAX);
                self.output.stdout(&display::show_text(&frame, rows, true));
            }
            "print_schema" => {
                let mut plan = args.plan()?;
                let schema = session.run(move || plan.collect_schema())?;
                self.output.stdout(&display::schema_tree(&schema));
            }
            "plot" => return self.plot(&mut args).map(Value::Str),
            "describe" => return Ok(Value::Frame(describe(session, args.plan()?)?)),
            "table" => return Ok(plan(session.table(&args.text()?)?)),
            "sql" => return Ok(Value::Frame(session.sql(&args.text()?)?)),
            "tables" => return Ok(Value::Frame(session.tables()?)),
            "databases" => return Ok(Value::Frame(session.databases()?)),
            "use_database" => session.use_schema(&args.text()?)?,
            "current_database" => return Ok(Value::Str(session.current_schema())),
            "create_or_replace_temp_view" => {
                let name = args.text()?;
                session.create_or_replace_temp_view(&name, args.plan()?)?;
            }
            "drop_temp_view" => return Ok(Value::Bool(session.drop_temp_view(&args.text()?)?)),
            "read" => return self.read(&mut args).map(plan),
            "write" => self.write(&mut args)?,
            "register_udf" => {
                let name = args.text()?;
                let types = args.next()?.list().unwrap_or_default().into_iter().map(dtype).collect::<Result<_>>()?;
                let returns = dtype(args.next()?)?;
                session.register_udf(Arc::new(RemoteUdf::new(name, types, returns, self.functions.clone())));
            }
            "udf_signature" => {
                let udf = session.udf(&args.text()?)?;
                let types = udf.args().iter().chain([udf.returns()]);
                return Ok(Value::List(
                    types.map(|dtype| Value::Series(Series::new_empty(PlSmallStr::EMPTY, dtype))).collect(),
                ));
            }
            _ => return Err(Error::internal(format!("compiled cells called `{method}`, which does not exist"))),
        }
        Ok(Value::Unit)
    }

    fn shown(&self, value: Value, ty: &str, displayed: bool) -> Result<MimeBundle> {
        match (ty, value) {
            // Drawn here before.
            ("Chart", Value::Str(bundle)) => serde_json::from_str(&bundle).map(MimeBundle).map_err(|_| misunderstood()),
            (ty, value) => (self.shower)(ty, value, displayed),
        }
    }

    /// Draws a chart; its MIME bundle as JSON.
    fn plot(&self, args: &mut Args) -> Result<String> {
        let plot = self.session.plot(args.plan()?);
        let (kind, x) = (args.text()?, args.option()?.and_then(Value::text));
        let y: Vec<String> = args.next()?.list().unwrap_or_default().into_iter().filter_map(Value::text).collect();
        let mut options = Options::default();
        let mut settings = Args(args.next()?.list().unwrap_or_default().into_iter());
        while let Ok(name) = settings.text() {
            match name.as_str() {
                "title" => options.title = Some(settings.text()?),
                "x_label" => options.x_label = Some(settings.text()?),
                "y_label" => options.y_label = Some(settings.text()?),
                "color" => options.color = Some(settings.text()?),
                "stacked" => options.stacked = Some(settings.bool()?),
                "bins" => options.bins = usize::try_from(settings.int()?).ok(),
                _ => {
                    let mut size = Args(settings.next()?.list().unwrap_or_default().into_iter());
                    options.size = Some((size.pixels()?, size.pixels()?));
                }
            }
        }
        let chart = plot.options(options).draw(Kind::named(&kind)?, x.as_deref(), y)?;
        serde_json::to_string(&chart_bundle(&chart).0).map_err(|error| Error::internal(error.to_string()))
    }

    /// What a widget comes to: the choices, of one for several.
    fn make_widget(&self, args: &mut Args) -> Result<Value> {
        let choice = match args.text()?.as_str() {
            "text" => Choice::Text,
            "dropdown" => Choice::Dropdown,
            "combobox" => Choice::Combobox,
            "multiselect" => Choice::Multiselect,
            _ => return Err(misunderstood()),
        };
        let (name, default) = (args.text()?, args.text()?);
        let choices = args.next()?.list().unwrap_or_default().into_iter().filter_map(Value::text).collect::<Vec<_>>();
        let value = self.session.make_widget(&*self.output, choice, &name, &default, &choices)?;
        Ok(match choice {
            Choice::Multiselect => Value::List(selected(&value).map(Value::str).collect()),
            _ => Value::Str(value),
        })
    }

    fn read(&self, args: &mut Args) -> Result<LazyFrame> {
        let (format, path, schema) = (args.text()?, args.text()?, args.option()?.and_then(Value::text));
        let mut reader =
            args.pairs()?.into_iter().fold(self.session.read(), |reader, (name, value)| reader.option(&name, value));
        if let Some(ddl) = schema {
            reader = reader.schema(ddl);
        }
        match format.as_str() {
            "table" => reader.table(&path),
            format => reader.format(format).load(&path),
        }
    }

    fn write(&self, args: &mut Args) -> Result<()> {
        let (action, place) = (args.text()?, args.text()?);
        let mut writer = self.session.write(args.plan()?);
        if let Some(mode) = args.option()?.and_then(Value::text) {
            writer = writer.mode(&mode);
        }
        if let Some(format) = args.option()?.and_then(Value::text) {
            writer = writer.format(&format);
        }
        if let Some(columns) = args.option()?.and_then(Value::list) {
            writer = writer.partition_by(columns.into_iter().filter_map(Value::text));
        }
        let writer = args.pairs()?.into_iter().fold(writer, |writer, (name, value)| writer.option(&name, value));
        match action.as_str() {
            "save_as_table" => writer.save_as_table(&place),
            "insert_into" => writer.insert_into(&place),
            "csv" => writer.csv(&place),
            "parquet" => writer.parquet(&place),
            "json" => writer.json(&place),
            _ => writer.save(&place),
        }
    }
}

/// The arguments of a call that are still to be taken.
struct Args(IntoIter<Value>);

impl Args {
    fn next(&mut self) -> Result<Value> {
        self.0.next().ok_or_else(misunderstood)
    }

    fn text(&mut self) -> Result<String> {
        self.next()?.text().ok_or_else(misunderstood)
    }

    fn bool(&mut self) -> Result<bool> {
        self.next()?.bool().ok_or_else(misunderstood)
    }

    fn int(&mut self) -> Result<i128> {
        self.next()?.int().ok_or_else(misunderstood)
    }

    fn pixels(&mut self) -> Result<u32> {
        self.int()?.try_into().map_err(|_| misunderstood())
    }

    fn plan(&mut self) -> Result<LazyFrame> {
        self.next()?.plan().ok_or_else(misunderstood)
    }

    fn option(&mut self) -> Result<Option<Value>> {
        match self.next()? {
            Value::Option(inner) => Ok(inner.map(|value| *value)),
            _ => Err(misunderstood()),
        }
    }

    fn pairs(&mut self) -> Result<Vec<(String, String)>> {
        let texts: Vec<String> = self.next()?.list().unwrap_or_default().into_iter().filter_map(Value::text).collect();
        Ok(texts.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect())
    }
}

fn ended(args: &mut Args) -> Result<Ended> {
    let failed = args.option()?.map(failed).transpose()?;
    let crossing = args.next()?.list().unwrap_or_default().into_iter();
    let crossing =
        crossing.map(|value| Variable::try_from(value).map_err(|()| misunderstood())).collect::<Result<_>>()?;
    let living = args.next()?.list().unwrap_or_default().into_iter().map(living).collect::<Result<_>>()?;
    Ok(Ended { failed, crossing, living })
}

fn failed(value: Value) -> Result<(Failure, usize, usize)> {
    let parts: [Value; 3] = value.list().and_then(|parts| parts.try_into().ok()).ok_or_else(misunderstood)?;
    let [failure, line, column] = parts;
    let number = |value: Value| value.int().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    Ok((Failure::try_from(failure).map_err(|()| misunderstood())?, number(line), number(column)))
}

fn living(value: Value) -> Result<(String, String, bool, bool)> {
    let mut args = Args(value.list().unwrap_or_default().into_iter());
    Ok((args.text()?, args.text()?, args.bool()?, args.bool()?))
}

fn dtype(value: Value) -> Result<DataType> {
    match value {
        Value::Series(series) => Ok(series.dtype().clone()),
        _ => Err(misunderstood()),
    }
}

fn plan(plan: LazyFrame) -> Value {
    Value::Plan(Box::new(plan))
}

fn misunderstood() -> Error {
    Error::internal("a call of a compiled cell was not understood")
}
