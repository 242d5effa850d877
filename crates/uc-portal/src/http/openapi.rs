//! `GET /api/openapi.json`: written from the contract's types, so that it cannot name another path or shape.
//!
//! The provider's endpoints are described by its discovery document.

use axum::{Json, Router, routing::get};
use uc_portal_api::{
    BeginUpload, CancelApplication, CertifyDevice, DEVICE_PROOF, EVENTS_PATH, EndOtherSessions,
    EndSession, Endpoint, FetchApplication, FetchCatalogue, FetchFeed, FetchNews, FetchProfile,
    FetchRoaming, FetchSessions, FetchSignIns, IDEMPOTENCY_KEY, KeepNotifyToken, Method,
    NewDeviceName, NewFile, NotifyTokenHash, PROBLEM_JSON, PUT_CHUNK, Problem, RenameDevice,
    RoamingVersion, SubmitApplication, SubmittedApplication, UploadState, WriteRoaming,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, Paths,
        PathsBuilder, Ref, Required, ResponseBuilder,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::{RequestBody, RequestBodyBuilder},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::portal::AppState;

/// The name of the bearer scheme in the document.
const BEARER: &str = "bearer";

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/api/openapi.json", get(|| async { Json(document()) }))
}

/// The whole document.
fn document() -> OpenApi {
    let mut description = Description::default();
    description.add::<FetchCatalogue>("Changes of the catalogue", &[query("after")]);
    description.add::<FetchProfile>("The person's profile", &[]);
    description.add_put::<SubmitApplication, SubmittedApplication>(
        "Submits an application, or a correction of it",
        &[id(), idempotency_key()],
    );
    description.add::<FetchApplication>("An application", &[id()]);
    description.add::<CancelApplication>("Withdraws an application", &[id(), idempotency_key()]);
    description.add::<FetchFeed>("Changes in the person's affairs", &[query("after")]);
    description.add::<CertifyDevice>("Certifies the device's key", &[device_proof()]);
    let token = "The session's token for asking how much is new";
    description.add_with_body::<KeepNotifyToken, NotifyTokenHash>(token, &[]);
    description.add::<FetchNews>("How much is new, by a notify token", &[query("after")]);
    let roaming = "Writes what follows the person between devices";
    description.add_with_body::<WriteRoaming, RoamingVersion>(roaming, &[id()]);
    description.add::<FetchRoaming>("What follows the person between devices", &[id()]);
    description.add::<FetchSessions>("Where the person is signed in", &[]);
    description.add::<EndSession>("Ends a session", &[id()]);
    description.add::<EndOtherSessions>("Ends all sessions but the one that asks", &[]);
    let names = "Names the device of a session";
    description.add_with_body::<RenameDevice, NewDeviceName>(names, &[id()]);
    description.add::<FetchSignIns>("What happened to the account", &[query("before")]);
    description.add_upload();
    description.add_events();
    description.finish()
}

/// The document so far.
struct Description {
    paths: Paths,
    components: ComponentsBuilder,
}

impl Default for Description {
    fn default() -> Self {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        Self {
            paths: PathsBuilder::new().build(),
            components: ComponentsBuilder::new()
                .security_scheme(BEARER, SecurityScheme::Http(bearer)),
        }
        .with_schema::<Problem>()
    }
}

impl Description {
    fn with_schema<T: ToSchema>(mut self) -> Self {
        self.add_schema::<T>();
        self
    }

    /// A type's schema and those that it refers to.
    fn add_schema<T: ToSchema>(&mut self) {
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        self.components = std::mem::take(&mut self.components).schemas_from_iter(schemas);
    }

    fn add<E>(&mut self, summary: &str, parameters: &[Parameter])
    where
        E: Endpoint,
        E::Response: ToSchema,
    {
        let operation = self.operation::<E>(summary, parameters);
        self.mount::<E>(operation);
    }

    /// What is put may be new.
    fn add_put<E, B>(&mut self, summary: &str, parameters: &[Parameter])
    where
        E: Endpoint<Body = B>,
        E::Response: ToSchema,
        B: ToSchema,
    {
        self.add_schema::<B>();
        let operation = self
            .operation::<E>(summary, parameters)
            .response(
                "201",
                answer::<E::Response>("Done: it was not there before"),
            )
            .request_body(Some(json_body::<B>()));
        self.mount::<E>(operation);
    }

    /// What is sent is always there.
    fn add_with_body<E, B>(&mut self, summary: &str, parameters: &[Parameter])
    where
        E: Endpoint<Body = B>,
        E::Response: ToSchema,
        B: ToSchema,
    {
        self.add_schema::<B>();
        let operation = self.operation::<E>(summary, parameters);
        self.mount::<E>(operation.request_body(Some(json_body::<B>())));
    }

    fn operation<E>(&mut self, summary: &str, parameters: &[Parameter]) -> OperationBuilder
    where
        E: Endpoint,
        E::Response: ToSchema,
    {
        self.add_schema::<E::Response>();
        let done = answer::<E::Response>("Done");
        let operation = operation(summary, parameters).response("200", done);
        if E::AUTHENTICATED {
            operation.security(bearer())
        } else {
            operation
        }
    }

    fn mount<E: Endpoint>(&mut self, operation: OperationBuilder) {
        let method = match E::METHOD {
            Method::Get => HttpMethod::Get,
            Method::Put => HttpMethod::Put,
            Method::Post => HttpMethod::Post,
        };
        self.insert(E::PATH, method, operation.build());
    }

    fn add_upload(&mut self) {
        let begins = "Begins an upload, or tells how far it has come";
        self.add_with_body::<BeginUpload, NewFile>(begins, &[id()]);
        self.add_chunk();
    }

    /// A chunk is not JSON, so it is no [`Endpoint`].
    fn add_chunk(&mut self) {
        let bytes = RequestBodyBuilder::new()
            .content("application/octet-stream", ContentBuilder::new().build())
            .required(Some(Required::True))
            .build();
        let start = parameter("start", ParameterIn::Path, Required::True);
        let operation = operation("Adds a chunk to an upload", &[id(), start])
            .response("200", answer::<UploadState>("How far it has come"))
            .request_body(Some(bytes))
            .security(bearer());
        self.insert(PUT_CHUNK, HttpMethod::Put, operation.build());
    }

    /// The stream is not JSON, so it is no [`Endpoint`].
    fn add_events(&mut self) {
        let stream = ResponseBuilder::new()
            .description("Hints that something is to be fetched")
            .content("text/event-stream", ContentBuilder::new().build());
        let operation = operation("Server-sent events", &[])
            .response("200", stream)
            .security(bearer());
        self.insert(EVENTS_PATH, HttpMethod::Get, operation.build());
    }

    /// Endpoints with one path and several methods share an entry.
    fn insert(&mut self, path: &str, method: HttpMethod, operation: Operation) {
        self.paths.add_path_operation(path, vec![method], operation);
    }

    fn finish(self) -> OpenApi {
        let info = InfoBuilder::new()
            .title("Edinyi Klient portal")
            .version(env!("CARGO_PKG_VERSION"))
            .build();
        OpenApiBuilder::new()
            .info(info)
            .paths(self.paths)
            .components(Some(self.components.build()))
            .build()
    }
}

fn operation(summary: &str, parameters: &[Parameter]) -> OperationBuilder {
    let problem = ResponseBuilder::new()
        .description("Refused: RFC 9457, `code` says why")
        .content(PROBLEM_JSON, content::<Problem>());
    OperationBuilder::new()
        .summary(Some(summary))
        .parameters(Some(parameters.iter().cloned()))
        .response("default", problem)
}

fn answer<T: ToSchema>(description: &str) -> ResponseBuilder {
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content::<T>())
}

fn json_body<T: ToSchema>() -> RequestBody {
    RequestBodyBuilder::new()
        .content("application/json", content::<T>())
        .required(Some(Required::True))
        .build()
}

fn content<T: ToSchema>() -> utoipa::openapi::Content {
    let schema = Ref::from_schema_name(T::name());
    ContentBuilder::new().schema(Some(schema)).build()
}

fn bearer() -> SecurityRequirement {
    SecurityRequirement::new(BEARER, Vec::<String>::new())
}

fn id() -> Parameter {
    parameter("id", ParameterIn::Path, Required::True)
}

fn query(name: &str) -> Parameter {
    parameter(name, ParameterIn::Query, Required::False)
}

fn idempotency_key() -> Parameter {
    parameter(IDEMPOTENCY_KEY, ParameterIn::Header, Required::True)
}

fn device_proof() -> Parameter {
    parameter(DEVICE_PROOF, ParameterIn::Header, Required::True)
}

fn parameter(name: &str, parameter_in: ParameterIn, required: Required) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(parameter_in)
        .required(required)
        .schema(Some(String::schema()))
        .build()
}
