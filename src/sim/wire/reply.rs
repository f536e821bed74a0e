//! HTTP answers.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use crate::sim::api::Answer;

use super::{Protocol, cbor, xml};

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
            (Protocol::Json, _) => (JSON_1_1, json_body(answer)),
            (Protocol::Query, Ok(value)) => {
                let body = xml::answer(service, operation, value, &request_id);
                ("text/xml", body)
            }
            (Protocol::Query, Err(error)) => ("text/xml", xml::error(service, error, &request_id)),
            (Protocol::Cbor, Ok(value)) => (cbor::MEDIA_TYPE, cbor::output(value)),
            (Protocol::Cbor, Err(error)) => (cbor::MEDIA_TYPE, cbor::error(service, error)),
        };
        let headers = match protocol {
            Protocol::Cbor => cbor_headers(answer),
            Protocol::Json | Protocol::Query => Vec::new(),
        };
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
        let body = ReplyBody {
            rest: Some(rest),
            end,
        };
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

fn cbor_headers(answer: &Answer) -> Vec<(&'static str, String)> {
    let mut headers = vec![("smithy-protocol", cbor::PROTOCOL.to_owned())];
    if let Err(error) = answer
        && let Some(code) = cbor::query_code(&error.code)
    {
        headers.push(("x-amzn-query-error", format!("{code};Sender")));
    }
    headers
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

/// The body of an answer, which may break off in the middle.
#[derive(Debug)]
pub struct ReplyBody {
    rest: Option<Bytes>,
    end: End,
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
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.end {
            End::Whole => Poll::Ready(None),
            End::WaitsToBreak => {
                self.end = End::Breaks;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Breaks => Poll::Ready(Some(Err(std::io::Error::other(
                "the answer is cut off on purpose",
            )))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.as_ref().is_none_or(Bytes::is_empty) && self.end == End::Whole
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Whole => SizeHint::with_exact(self.rest.as_ref().map_or(0, |it| it.len() as u64)),
            End::WaitsToBreak | End::Breaks => SizeHint::default(),
        }
    }
}
