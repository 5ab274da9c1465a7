# The sample's image for AWS Lambda: that of Dockerfile, with Lambda Web Adapter as an extension, which
# posts to /_jobs what the function is invoked with.
#   docker build -t paperwork sample-app
#   docker build -t paperwork-lambda --build-arg ADAPTER=<image of Lambda Web Adapter 1.0.0> -f sample-app/lambda.Dockerfile sample-app
ARG PAPERWORK=paperwork
ARG ADAPTER
FROM ${ADAPTER} AS adapter

FROM ${PAPERWORK}
COPY --from=adapter /lambda-adapter /opt/extensions/lambda-adapter
# Without the last one Lambda Web Adapter takes failures for success: the application would not start.
ENV AWS_LWA_PORT=8080 \
    AWS_LWA_READINESS_CHECK_PROTOCOL=tcp \
    AWS_LWA_ASYNC_INIT=true \
    AWS_LWA_PASS_THROUGH_PATH=/_jobs \
    AWS_LWA_ERROR_STATUS_CODES=400-599
