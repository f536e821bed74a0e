//! HTTP answers.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::sim::api::Answer;

use super::{Protocol, cbor, event_stream, xml};

const JSON_1_0: &str = "application/x-amz-json-1.0";
const JSON_1_1: &str = "application/x-amz-json-1.1";

/// An answer, before it becomes HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body; none for an answer without a body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
    /// The request id in the headers, if the answer comes from an AWS service.
    pub request_id: Option<String>,
    /// Other headers of the protocol.
    pub headers: Vec<(&'static str, String)>,
    /// Whether the connection breaks in the middle of the body.
    pub truncated: bool,
}

impl Reply {
    /// A plain JSON answer, as the control endpoints give.
    pub fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            content_type: Some("application/json"),
            body: format!("{value}\n").into_bytes(),
            request_id: None,
            headers: Vec::new(),
            truncated: false,
        }
    }

    /// An answer of a service, in the protocol of the call.
    pub fn answer(
        protocol: Protocol,
        service: &str,
        operation: &str,
        answer: &Answer,
        request_id: String,
    ) -> Self {
        let (content_type, body) = match (protocol, answer) {
            (Protocol::Json, _) if service == "monitoring" => (JSON_1_0, json_body(answer)),
            (Protocol::Json, _) => (JSON_1_1, json_body(answer)),
            (Protocol::Query, Ok(value)) => {
                let body = xml::answer(service, operation, value, &request_id);
                ("text/xml", body)
            }
            (Protocol::Query, Err(error)) => ("text/xml", xml::error(service, error, &request_id)),
            (Protocol::Cbor, Ok(value)) => (cbor::MEDIA_TYPE, cbor::output(value)),
            (Protocol::Cbor, Err(error)) => (cbor::MEDIA_TYPE, cbor::error(service, error)),
        };
        let mut headers = match protocol {
            Protocol::Cbor => vec![("smithy-protocol", cbor::PROTOCOL.to_owned())],
            Protocol::Json | Protocol::Query => Vec::new(),
        };
        if let Err(error) = answer
            && service == "monitoring"
            && let Some(code) = cbor::query_code(&error.code)
        {
            headers.push(("x-amzn-query-error", format!("{code};Sender")));
        }
        Self {
            status: answer.as_ref().err().map_or(200, |error| error.status),
            content_type: (protocol == Protocol::Json || !body.is_empty()).then_some(content_type),
            body,
            headers,
            request_id: Some(request_id),
            truncated: false,
        }
    }

    /// The page of a proxy that could not reach the service.
    pub fn html(status: u16) -> Self {
        Self {
            status,
            content_type: Some("text/html"),
            body: format!(
                "<html><head><title>{status}</title></head>\
                 <body><h1>{status}: the gateway did not get an answer</h1></body></html>\n"
            )
            .into_bytes(),
            request_id: None,
            headers: Vec::new(),
            truncated: false,
        }
    }

    /// An answer that promises JSON and holds none.
    pub fn garbage() -> Self {
        Self {
            status: 200,
            content_type: Some(JSON_1_1),
            body: "\u{1}\u{2}{{{ not json, nor xml <<<".into(),
            request_id: None,
            headers: Vec::new(),
            truncated: false,
        }
    }

    /// The HTTP answer.
    pub fn into_response(self) -> Response<ReplyBody> {
        let length = self.body.len();
        let bytes = Bytes::from(self.body);
        let (rest, end) = if self.truncated {
            (bytes.slice(..length / 2), End::WaitsToBreak)
        } else {
            (bytes, End::Whole)
        };
        let body = ReplyBody(Content::Bytes {
            rest: Some(rest),
            end,
        });
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Some(content_type) = self.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(id) = self
            .request_id
            .and_then(|id| HeaderValue::from_str(&id).ok())
        {
            headers.insert("x-amzn-requestid", id);
        }
        response
    }
}

fn json_body(answer: &Answer) -> Vec<u8> {
    match answer {
        Ok(Value::Null) => Vec::new(),
        Ok(value) => value.to_string().into_bytes(),
        Err(error) => json!({"__type": error.code, "message": error.message})
            .to_string()
            .into_bytes(),
    }
}

/// What goes into a body that is sent piece by piece; an error breaks the connection.
pub type Piece = Result<Bytes, std::io::Error>;

/// The answer that opens an event stream, whose frames come through `pieces`.
pub fn event_stream(request_id: &str, pieces: mpsc::Receiver<Piece>) -> Response<ReplyBody> {
    let mut response = Response::new(ReplyBody(Content::Stream {
        pieces,
        breaks: None,
    }));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static(event_stream::MEDIA_TYPE);
    headers.insert(CONTENT_TYPE, kind);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// The body of an answer.
#[derive(Debug)]
pub struct ReplyBody(Content);

#[derive(Debug)]
enum Content {
    /// Everything at once, which may break off in the middle.
    Bytes { rest: Option<Bytes>, end: End },
    /// Pieces as they come, which may break off between two of them.
    Stream {
        pieces: mpsc::Receiver<Piece>,
        /// Why it breaks off, once the server had the time to send what came before.
        breaks: Option<std::io::Error>,
    },
}

/// How a body ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum End {
    /// As it should.
    Whole,
    /// It will break off, but lets the server send what it has first.
    WaitsToBreak,
    /// It breaks off now.
    Breaks,
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match &mut self.0 {
            Content::Bytes { rest, end } => poll_bytes(rest, end, context),
            Content::Stream { pieces, breaks } => poll_stream(pieces, breaks, context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Content::Bytes { rest, end } => {
                rest.as_ref().is_none_or(Bytes::is_empty) && *end == End::Whole
            }
            Content::Stream { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Bytes {
                rest,
                end: End::Whole,
            } => SizeHint::with_exact(rest.as_ref().map_or(0, |it| it.len() as u64)),
            _ => SizeHint::default(),
        }
    }
}

type Polled = Poll<Option<Result<Frame<Bytes>, std::io::Error>>>;

fn poll_bytes(rest: &mut Option<Bytes>, end: &mut End, context: &mut Context<'_>) -> Polled {
    if let Some(bytes) = rest.take() {
        return Poll::Ready(Some(Ok(Frame::data(bytes))));
    }
    match end {
        End::Whole => Poll::Ready(None),
        End::WaitsToBreak => {
            *end = End::Breaks;
            context.waker().wake_by_ref();
            Poll::Pending
        }
        End::Breaks => Poll::Ready(Some(Err(std::io::Error::other(
            "the answer is cut off on purpose",
        )))),
    }
}

fn poll_stream(
    pieces: &mut mpsc::Receiver<Piece>,
    breaks: &mut Option<std::io::Error>,
    context: &mut Context<'_>,
) -> Polled {
    if let Some(error) = breaks.take() {
        return Poll::Ready(Some(Err(error)));
    }
    match pieces.poll_recv(context) {
        Poll::Ready(Some(Ok(bytes))) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
        Poll::Ready(Some(Err(error))) => {
            *breaks = Some(error);
            context.waker().wake_by_ref();
            Poll::Pending
        }
        Poll::Ready(None) => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    }
}
