//! A judge that is talked to in lines of JSON.

use std::process::Stdio;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{Failure, Result};

/// A running judge. It ends when this is dropped.
#[derive(Debug)]
pub struct LineProgram {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// What a judge says of a command.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Done(Value),
    Failed(String),
}

impl LineProgram {
    /// Starts it. Its complaints go to our own standard error.
    pub fn start(mut command: Command) -> Result<Self> {
        let program = command.as_std().get_program().display().to_string();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| Failure::Start { program, source })?;
        let input = child.stdin.take().ok_or(Failure::Gone)?;
        let output = child.stdout.take().ok_or(Failure::Gone)?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    /// The process id; none when it ended.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The next line.
    pub async fn next<T: DeserializeOwned>(&mut self) -> Result<T> {
        let line = self.output.next_line().await?.ok_or(Failure::Gone)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// Has a command carried out; its answer.
    pub async fn ask(&mut self, command: &str, given: Value) -> Result<Value> {
        let mut line = given;
        line["command"] = json!(command);
        self.input.write_all(format!("{line}\n").as_bytes()).await?;
        match self.next().await? {
            Told::Done(answer) => Ok(answer),
            Told::Failed(why) => Err(Failure::Judge(why)),
        }
    }

    /// Tells it that no more is coming, and waits until it has ended.
    pub async fn end(mut self) -> Result<()> {
        drop(self.input);
        self.child.wait().await?;
        Ok(())
    }
}
