"""Jupyter's own conformance suite for kernels: every test, none skipped."""

import jupyter_kernel_test


class TestConformance(jupyter_kernel_test.KernelTests):
    kernel_name = "aerostat"
    language_name = "rust"
    file_extension = ".rs"

    code_hello_world = 'println!("hello, world");'
    code_stderr = 'eprintln!("test");'
    code_page_something = "?%time"
    code_generate_error = "undefined_variable"
    code_clear_output = "clear_output(false)"
    code_inspect_sample = "session"
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "1+2+3", "result": "6"},
        {"code": '"a".to_string() + "b"'},
        {"code": "%%sql\nSELECT 1 AS one", "mime": "text/html"},
    ]
    code_display_data = [{"code": 'display(df!("a" => [1, 2, 3])?)', "mime": "text/html"}]

    completion_samples = [
        {"text": "%lsm", "matches": {"%lsmagic"}},
        {"text": "%%sq", "matches": {"%%sql"}},
        {"text": "session.read_p", "matches": {"read_parquet"}},
        {"text": "zzz_nothing", "matches": set()},
    ]
    complete_code_samples = ["1 + 1", "let x = 1;", "%time 1 + 1", "%%sql\nSELECT 1\n", "!ls"]
    incomplete_code_samples = ["let x = (1 +", "if true {", "%%sql", "%%sql\nSELECT 1"]
    invalid_code_samples = ["let = = 3;", "1 + )"]


class TestWelcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "aerostat"
    support_iopub_welcome = True
