// A redirect to a signed address of the bucket becomes one on this origin, so that a page's canvas may
// read the picture.
function handler(event) {
    var response = event.response;
    var location = response.headers.location;
    if (location) {
        var signed = location.value.match(/^https:\/\/[a-z0-9.-]+\.s3[a-z0-9.-]*\.amazonaws\.com(\/.*[?&]X-Amz-Signature=.*)$/);
        if (signed) {
            location.value = '/_files' + signed[1];
        }
    }
    return response;
}
