//! Vector's VRL runtime over a file of records: peer-vrl PROGRAM INPUT OUTPUT.
//! Does what a remap transform between a file source and a JSON sink does, and
//! nothing of the rest of Vector: no topology, no buffers, no metrics.
use std::fs;
use std::io::{BufWriter, Write};

use vrl::compiler::state::RuntimeState;
use vrl::compiler::{compile, Context, TargetValue, TimeZone};
use vrl::value::{ObjectMap, Secrets, Value};

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let [_, program, input, output] = words.as_slice() else {
        panic!("usage: peer-vrl PROGRAM INPUT OUTPUT");
    };
    let source = fs::read_to_string(program).expect("the program can be read");
    let compiled = match compile(&source, &vrl::stdlib::all()) {
        Ok(compiled) => compiled.program,
        Err(errors) => panic!("the program does not compile: {errors:?}"),
    };
    let input = fs::read_to_string(input).expect("the input can be read");
    let file = fs::File::create(output).expect("the output can be written");
    let mut output = BufWriter::with_capacity(1 << 20, file);
    let zone = TimeZone::default();
    let mut state = RuntimeState::default();
    for line in input.lines() {
        let mut event = ObjectMap::new();
        event.insert("message".into(), Value::from(line));
        let mut target = TargetValue {
            value: Value::Object(event),
            metadata: Value::Object(ObjectMap::new()),
            secrets: Secrets::new(),
        };
        let mut context = Context::new(&mut target, &mut state, &zone);
        compiled.resolve(&mut context).expect("the program takes the record");
        serde_json::to_writer(&mut output, &target.value).expect("output");
        output.write_all(b"\n").expect("output");
        state.clear();
    }
    output.flush().expect("output");
}
