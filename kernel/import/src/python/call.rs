//! Calls: the methods of PySpark, Databricks and Zeppelin that have a counterpart.

use tree_sitter::Node;

use super::Translator;
use super::expression::{Kind, Piece};

/// The arguments of a call.
struct Arguments {
    positional: Vec<Piece>,
    named: Vec<(String, Piece)>,
}

impl Arguments {
    /// The texts of the arguments, if all are positional and of these kinds.
    fn exactly<const N: usize>(&self, kinds: [Kind; N]) -> Option<[&str; N]> {
        let fits = self.named.is_empty()
            && self.positional.len() == N
            && self.positional.iter().zip(&kinds).all(|(piece, kind)| piece.kind == *kind);
        fits.then(|| std::array::from_fn(|index| self.positional[index].text.as_str()))
    }

    /// The one argument, a text.
    fn text(&self) -> Option<&str> {
        self.exactly([Kind::Text]).map(|[text]| text)
    }

    fn none(&self) -> Option<()> {
        self.exactly([]).map(|[]| ())
    }
}

impl Translator {
    /// A call of a function or method.
    pub(super) fn call(&self, node: Node<'_>, python: &str) -> Option<Piece> {
        let function = node.child_by_field_name("function")?;
        let list = node.child_by_field_name("arguments")?;
        if function.kind() == "identifier" {
            let arguments = self.arguments(list, python)?;
            return self.function(&python[function.byte_range()], &arguments);
        }
        let object = self.expression(function.child_by_field_name("object")?, python)?;
        let name = &python[function.child_by_field_name("attribute")?.byte_range()];
        if let (Kind::Widgets, Some(choices)) = (&object.kind, self.choices(list, python)) {
            return widget(name, &choices);
        }
        let arguments = self.arguments(list, python)?;
        match &object.kind {
            Kind::Spark => spark(name, &arguments),
            Kind::Catalog => catalog(name, &arguments),
            Kind::Widgets => widget_call(name, &arguments),
            Kind::Zeppelin => zeppelin(name, &arguments),
            Kind::Reader(format) => reader(&object.text, format.as_deref(), name, &arguments),
            Kind::Writer(format) => writer(&object.text, format.as_deref(), name, &arguments),
            kind if kind.is_table() => table(&object, name, &arguments),
            _ => None,
        }
    }

    fn arguments(&self, list: Node<'_>, python: &str) -> Option<Arguments> {
        let mut arguments = Arguments { positional: Vec::new(), named: Vec::new() };
        let mut cursor = list.walk();
        let nodes: Vec<Node<'_>> = list.named_children(&mut cursor).collect();
        for node in nodes {
            if node.kind() == "keyword_argument" {
                let name = python[node.child_by_field_name("name")?.byte_range()].to_owned();
                arguments.named.push((name, self.expression(node.child_by_field_name("value")?, python)?));
            } else {
                arguments.positional.push(self.expression(node, python)?);
            }
        }
        Some(arguments)
    }

    /// The arguments `name, default, [choices], label` of a widget; the label is shown nowhere.
    fn choices(&self, list: Node<'_>, python: &str) -> Option<[String; 3]> {
        let text =
            |node| self.expression(node, python).filter(|piece| piece.kind == Kind::Text).map(|piece| piece.text);
        let choices = list.named_child(2).filter(|node| node.kind() == "list")?;
        let mut cursor = choices.walk();
        let nodes: Vec<Node<'_>> = choices.named_children(&mut cursor).collect();
        let choices: Vec<String> = nodes.into_iter().map(text).collect::<Option<_>>()?;
        let is_complete = match list.named_child_count() {
            3 => true,
            4 => list.named_child(3).and_then(text).is_some(),
            _ => false,
        };
        is_complete.then_some([text(list.named_child(0)?)?, text(list.named_child(1)?)?, choices.join(", ")])
    }

    /// Functions that notebooks have without importing them.
    fn function(&self, name: &str, arguments: &Arguments) -> Option<Piece> {
        if !self.is_given(name) || !arguments.named.is_empty() {
            return None;
        }
        let [argument] = arguments.positional.as_slice() else { return None };
        match name {
            "display" if argument.kind.is_table() => unit(format!("display({})", argument.text)),
            "print" if matches!(argument.kind, Kind::Text | Kind::Number) => {
                unit(format!("println!(\"{{}}\", {})", argument.text))
            }
            _ => None,
        }
    }
}

fn unit(text: String) -> Option<Piece> {
    Some(Piece::new(text, Kind::Unit))
}

fn spark(name: &str, arguments: &Arguments) -> Option<Piece> {
    let text = arguments.text()?;
    match name {
        "sql" => Some(Piece::new(format!("session.sql({text})?"), Kind::Frame)),
        "table" => Some(Piece::new(format!("session.table({text})?"), Kind::Plan)),
        _ => None,
    }
}

fn catalog(name: &str, arguments: &Arguments) -> Option<Piece> {
    match name {
        "setCurrentDatabase" => unit(format!("session.use_database({})?", arguments.text()?)),
        "dropTempView" => unit(format!("session.drop_temp_view({})?", arguments.text()?)),
        _ => None,
    }
}

fn widget(name: &str, [widget, default, choices]: &[String; 3]) -> Option<Piece> {
    let method = match name {
        "dropdown" => "widget_dropdown",
        "combobox" => "widget_combobox",
        "multiselect" => "widget_multiselect",
        _ => return None,
    };
    unit(format!("session.{method}({widget}, {default}, [{choices}])?"))
}

fn widget_call(name: &str, arguments: &Arguments) -> Option<Piece> {
    match name {
        "get" | "getArgument" => Some(Piece::new(format!("session.widget({})?", arguments.text()?), Kind::Text)),
        "text" => {
            let [widget, default] = match arguments.exactly([Kind::Text, Kind::Text]) {
                Some(both) => both,
                // The label is shown nowhere.
                None => arguments
                    .exactly([Kind::Text, Kind::Text, Kind::Text])
                    .map(|[widget, default, _]| [widget, default])?,
            };
            unit(format!("session.widget_text({widget}, {default})?"))
        }
        "remove" => unit(format!("session.remove_widget({})?", arguments.text()?)),
        "removeAll" => arguments.none().and_then(|()| unit("session.remove_all_widgets()".into())),
        _ => None,
    }
}

fn zeppelin(name: &str, arguments: &Arguments) -> Option<Piece> {
    match (name, arguments.positional.as_slice()) {
        ("show", [table]) if table.kind.is_table() && arguments.named.is_empty() => {
            unit(format!("display({})", table.text))
        }
        _ => None,
    }
}

/// The formats that readers and writers have a method for.
const FORMATS: [&str; 3] = ["csv", "parquet", "json"];

/// Other formats that readers know by name.
const READ: [&str; 2] = ["delta", "text"];

fn reader(reader: &str, format: Option<&str>, name: &str, arguments: &Arguments) -> Option<Piece> {
    let same = |text| Some(Piece::new(text, Kind::Reader(format.map(str::to_owned))));
    match name {
        "format" => {
            let format = arguments.text()?.trim_matches('"').to_lowercase();
            let known = FORMATS.iter().chain(&READ).any(|known| *known == format);
            known.then(|| Piece::new(reader, Kind::Reader(Some(format))))
        }
        "option" => same(with_option(reader, arguments)?),
        "options" if arguments.positional.is_empty() => same(with_options(reader, &arguments.named)?),
        "schema" => same(format!("{reader}.schema({})", arguments.text()?)),
        "table" => Some(Piece::new(format!("session.table({})?", arguments.text()?), Kind::Plan)),
        "load" => plan(reader, format?, arguments),
        _ if FORMATS.contains(&name) || name == "text" => plan(reader, name, arguments),
        _ => None,
    }
}

/// `csv(path, header=True, ..)`
fn plan(reader: &str, format: &str, arguments: &Arguments) -> Option<Piece> {
    let [path] = arguments.positional.as_slice() else { return None };
    let reader = with_options(reader, &arguments.named)?;
    let read = match format {
        "delta" => format!("{reader}.format(\"delta\").load({})?", path.text),
        _ => format!("{reader}.{format}({})?", path.text),
    };
    (path.kind == Kind::Text).then(|| Piece::new(read, Kind::Plan))
}

fn writer(writer: &str, format: Option<&str>, name: &str, arguments: &Arguments) -> Option<Piece> {
    let same = |text| Some(Piece::new(text, Kind::Writer(format.map(str::to_owned))));
    match name {
        "mode" => same(format!("{writer}.mode({})", arguments.text()?)),
        "format" => {
            let format = arguments.text()?;
            Some(Piece::new(
                format!("{writer}.format({format})"),
                Kind::Writer(Some(format.trim_matches('"').to_lowercase())),
            ))
        }
        "option" => same(with_option(writer, arguments)?),
        "partitionBy" if arguments.named.is_empty() => {
            let names = arguments.positional.iter().map(|piece| (piece.kind == Kind::Text).then_some(&*piece.text));
            same(format!("{writer}.partition_by([{}])", names.collect::<Option<Vec<_>>>()?.join(", ")))
        }
        "saveAsTable" => {
            let [table] = arguments.positional.as_slice() else { return None };
            let writer = arguments.named.iter().try_fold(writer.to_owned(), |writer, (name, value)| {
                let known = matches!(name.as_str(), "mode" | "format") && value.kind == Kind::Text;
                known.then(|| format!("{writer}.{name}({})", value.text))
            })?;
            (table.kind == Kind::Text)
                .then(|| Piece::new(format!("{writer}.save_as_table({})?", table.text), Kind::Unit))
        }
        "insertInto" => unit(format!("{writer}.insert_into({})?", arguments.text()?)),
        "save"
            if format.is_some_and(|format| format == "delta" || FORMATS.contains(&format))
                && arguments.named.is_empty() =>
        {
            unit(format!("{writer}.save({})?", arguments.text()?))
        }
        _ if FORMATS.contains(&name) && format.is_none() => unit(format!("{writer}.{name}({})?", arguments.text()?)),
        _ => None,
    }
}

fn with_option(to: &str, arguments: &Arguments) -> Option<String> {
    match arguments.positional.as_slice() {
        [name, value] if name.kind == Kind::Text && arguments.named.is_empty() => option(to, &name.text, value),
        _ => None,
    }
}

fn with_options(to: &str, options: &[(String, Piece)]) -> Option<String> {
    options.iter().try_fold(to.to_owned(), |to, (name, value)| match name.as_str() {
        "schema" if value.kind == Kind::Text => Some(format!("{to}.schema({})", value.text)),
        "schema" | "path" | "mode" => None,
        _ => option(&to, &format!("\"{name}\""), value),
    })
}

fn option(to: &str, name: &str, value: &Piece) -> Option<String> {
    matches!(value.kind, Kind::Text | Kind::Number | Kind::Boolean)
        .then(|| format!("{to}.option({name}, {})", value.text))
}

/// The methods of frames that do the same, whichever of the two kinds a frame is.
fn table(table: &Piece, name: &str, arguments: &Arguments) -> Option<Piece> {
    let text = &table.text;
    match name {
        "show" => match arguments.none() {
            Some(()) => unit(format!("{text}.show(20)?")),
            None => arguments.exactly([Kind::Number]).and_then(|[n]| unit(format!("{text}.show({n})?"))),
        },
        "printSchema" => arguments.none().and_then(|()| unit(format!("{text}.print_schema()?"))),
        "display" => arguments.none().and_then(|()| unit(format!("display({text})"))),
        "createOrReplaceTempView" | "registerTempTable" => {
            unit(format!("{text}.create_or_replace_temp_view({})?", arguments.text()?))
        }
        _ => None,
    }
}
