"""Widgets: parameters of a notebook, with a default, from outside, or asked for."""


def shown(cell):
    return [content["data"]["text/plain"] for content in cell.of("display_data")]


def test_a_widget_has_its_default_and_shows_it(kernel):
    cell = kernel.run('let country = session.widget_text("country", "Canada")?;')
    assert shown(cell) == ["country: Canada"]
    assert kernel.run("country").result["text/plain"] == '"Canada"'
    assert kernel.run('session.widget("country")?').result["text/plain"] == '"Canada"'
    # A changed default counts when the cell is run again.
    assert shown(kernel.run('session.widget_text("country", "<Chile>")?;')) == ["country: <Chile>"]
    cell = kernel.run('session.widget_text("country", "<Chile>")?;')
    assert "&lt;Chile&gt;" in cell.of("display_data")[0]["data"]["text/html"]
    kernel.run('session.remove_widget("country")?;')
    error = kernel.run('session.widget("country")?').error
    assert error["ename"] == "WIDGET_NOT_FOUND"


def test_choices(kernel):
    assert kernel.run('session.widget_dropdown("y", "2015", ["2014", "2015"])?').result["text/plain"] == '"2015"'
    assert kernel.run('session.widget_combobox("y", "1999", ["2014", "2015"])?').result["text/plain"] == '"1999"'
    cell = kernel.run('session.widget_multiselect("y", "2014, 2015", ["2014", "2015"])?')
    assert cell.result["text/plain"] == '["2014", "2015"]'
    for widget in ("dropdown", "multiselect"):
        error = kernel.run(f'session.widget_{widget}("y", "1999", ["2014", "2015"])?').error
        assert error["ename"] == "INVALID_ARGUMENT" and "2014, 2015" in error["traceback"][-1]


def test_values_from_the_environment(start):
    kernel = start(env={"AEROSTAT_PARAM_COUNTRY": "Peru", "AEROSTAT_PARAM_YEAR": "1999"})
    assert shown(kernel.run('session.widget_text("country", "Canada")?;')) == ["country: Peru"]
    error = kernel.run('session.widget_dropdown("year", "2015", ["2014", "2015"])?').error
    assert error["ename"] == "INVALID_ARGUMENT" and "1999" in error["evalue"]


def test_a_text_without_default_is_asked_for_once(kernel):
    code = 'session.widget_text("name", "")?'
    for is_first in (True, False):
        msg_id = kernel.send(code, allow_stdin=True)
        if is_first:
            assert kernel.client.get_stdin_msg(timeout=5)["content"]["prompt"] == "name: "
            kernel.client.input("Ada")
        cell = kernel.collect(msg_id)
        assert cell.result["text/plain"] == '"Ada"' and shown(cell) == ["name: Ada"]
    # In batch nobody is asked.
    assert kernel.run('session.widget_text("other", "")?', allow_stdin=False).result["text/plain"] == '""'


def test_parameters_in_sql(kernel):
    kernel.run('let year = 2015; let rate = 0.5; session.widget_text("country", "Côte d\'Ivoire")?;')
    cell = kernel.run("%%sql -o row\nSELECT :country AS country, :year AS year, :rate AS rate, ':year' AS text, '${year}' AS y")
    assert kernel.run('row.column("country")?.str()?.get(0)').result["text/plain"] == 'Some("Côte d\'Ivoire")'
    assert kernel.run('row.column("year")?.i32()?.get(0)').result["text/plain"] == "Some(2015)"
    assert kernel.run('row.column("rate")?.f64()?.get(0)').result["text/plain"] == "Some(0.5)"
    assert kernel.run('row.column("text")?.str()?.get(0)').result["text/plain"] == 'Some(":year")'
    assert kernel.run('row.column("y")?.str()?.get(0)').result["text/plain"] == 'Some("2015")'
    assert cell.status == "ok"


def test_dates_as_parameters_in_sql(kernel):
    kernel.run("let day = NaiveDate::from_ymd_opt(2024, 2, 28).unwrap(); let noon = day.and_hms_opt(12, 0, 0).unwrap();")
    kernel.run(
        "%%sql -o row\nSELECT date_add(:day, 2) AS later, :noon + INTERVAL 1 DAY = TIMESTAMP_NTZ'2024-02-29 12:00:00' AS next, "
        "DATE'${day}' < DATE'2024-03-01' AS before"
    )
    assert kernel.run('row.column("later")?.get(0)?.to_string()').result["text/plain"] == '"2024-03-01"'
    assert kernel.run('row.column("next")?.bool()?.get(0)').result["text/plain"] == "Some(true)"
    assert kernel.run('row.column("before")?.bool()?.get(0)').result["text/plain"] == "Some(true)"


def test_errors_in_sql_keep_their_place(kernel):
    kernel.run('let country = "a very long name of a country";')
    traceback = kernel.run("%%sql\nSELECT :country FROM nowhere").error["traceback"]
    assert traceback[1].endswith("SELECT :country FROM nowhere")
    assert traceback[2].index("^") == traceback[1].index("nowhere") + len("\x1b[1;31m")
    error = kernel.run("%%sql\nSELECT :cuontry").error
    assert error["ename"] == "PARAMETER_NOT_FOUND" and "cuontry" in error["evalue"]
