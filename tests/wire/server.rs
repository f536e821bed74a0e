//! A small HTTP endpoint whose answers a test decides, and which remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cutover::aws::{Aws, ConnectOptions, Credentials, Timeouts, connect};
use cutover::domain::context::{Context, ContextId};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Asked {
    pub head: String,
    pub operation: String,
    pub body: Value,
}

/// What the endpoint does with a request.
pub enum Reply {
    /// An HTTP answer with a status and a body.
    Http(u16, &'static str, String),
    /// These bytes, then the end of the connection.
    Raw(&'static [u8]),
    /// Nothing, while the connection stays open.
    Silence,
}

impl Reply {
    /// AWS JSON with status 200.
    pub fn json(body: &Value) -> Self {
        Self::Http(200, "application/x-amz-json-1.1", body.to_string())
    }

    /// The answer of an operation of the query protocol.
    pub fn xml(operation: &str, result: &str) -> Self {
        let body = format!(
            "<{operation}Response><{operation}Result>{result}</{operation}Result>\
             <ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></{operation}Response>"
        );
        Self::Http(200, "text/xml", body)
    }

    /// An error of the query protocol.
    pub fn xml_error(code: &str, message: &str) -> Self {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>{message}</Message></Error><RequestId>req-1</RequestId></ErrorResponse>"
        );
        Self::Http(400, "text/xml", body)
    }

    /// An error as AWS names it.
    pub fn error(code: &str, message: &str) -> Self {
        let body = serde_json::json!({"__type": code, "message": message});
        Self::Http(400, "application/x-amz-json-1.1", body.to_string())
    }
}

/// The running endpoint.
pub struct Endpoint {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Endpoint {
    /// Starts an endpoint on a free port of loopback.
    pub async fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        tokio::spawn(serve(listener, answer, Arc::clone(&asked)));
        Self { url, asked }
    }

    /// An endpoint that gives the same answer to everything.
    pub async fn always(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |_| reply()).await
    }

    /// Everything asked so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The names of the operations asked for so far, in order.
    pub fn operations(&self) -> Vec<String> {
        self.asked()
            .into_iter()
            .map(|asked| asked.operation)
            .collect()
    }

    /// cutover, connected to this endpoint.
    pub async fn connect(&self) -> Aws {
        connect(options(&self.url)).await
    }
}

/// Fixed keys, a Region, and half a second of patience.
pub fn options(url: &str) -> ConnectOptions {
    ConnectOptions {
        context: Context {
            id: ContextId::default(),
            profile: None,
            region: Some("eu-west-1".into()),
            endpoint: Some(url.to_owned()),
            demo: false,
        },
        credentials: Credentials::Fixed {
            access_key_id: "id".into(),
            secret_access_key: "key".into(),
        },
        read_only: false,
        timeouts: Timeouts {
            connect: Duration::from_millis(500),
            answer: Duration::from_millis(500),
        },
    }
}

async fn serve(
    listener: TcpListener,
    answer: Arc<impl Fn(&Asked) -> Reply + Send + Sync + 'static>,
    log: Arc<Mutex<Vec<Asked>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
        tokio::spawn(async move {
            let mut stream = stream;
            if let Some(asked) = read(&mut stream).await {
                log.lock().unwrap().push(asked.clone());
                write(&mut stream, answer(&asked)).await;
            }
        });
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut buffer = [0_u8; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length: usize = header(head, "content-length")
                .and_then(|value| value.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                let body = serde_json::from_str(body).unwrap_or_else(|_| form(body));
                return Some(Asked {
                    head: head.to_owned(),
                    operation: operation(head, &body),
                    body,
                });
            }
        }
        let count = stream.read(&mut buffer).await.ok()?;
        if count == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..count]);
    }
}

/// The operation, by the protocol: a header, a field of a form, or the end of the path.
fn operation(head: &str, body: &Value) -> String {
    if let Some(target) = header(head, "x-amz-target") {
        return target.rsplit('.').next().unwrap_or_default().to_owned();
    }
    if let Some(action) = body["Action"].as_str() {
        return action.to_owned();
    }
    let path = head.split_whitespace().nth(1).unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The fields of a form; none of a body that is something else.
fn form(body: &str) -> Value {
    let fields = body.split('&').filter_map(|field| field.split_once('='));
    let pairs = fields.map(|(key, value)| (key.to_owned(), Value::String(decoded(value))));
    Value::Object(pairs.collect())
}

fn decoded(value: &str) -> String {
    let mut parts = value.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(2);
        text.push(char::from(u8::from_str_radix(code, 16).unwrap()));
        text.push_str(rest);
    }
    text
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

async fn write(stream: &mut TcpStream, reply: Reply) {
    let bytes = match reply {
        Reply::Http(status, kind, body) => format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\nx-amzn-requestid: req-1\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
        Reply::Raw(bytes) => bytes.to_vec(),
        Reply::Silence => {
            // Until the other side gives up.
            let _ = stream.read(&mut [0_u8; 1]).await;
            return;
        }
    };
    let _ = stream.write_all(&bytes).await;
    let _ = stream.shutdown().await;
}
