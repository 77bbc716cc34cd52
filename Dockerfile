# The command alone, for example: docker run --rm --volume "$PWD:/news" ghcr.io/finews/finews build . --out _site
FROM scratch
ARG TARGETARCH
# Folders for temporary files and for the posts.
WORKDIR /tmp
WORKDIR /news
COPY image/finews-$TARGETARCH /finews
ENTRYPOINT ["/finews"]
