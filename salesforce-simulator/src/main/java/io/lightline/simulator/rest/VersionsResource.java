package io.lightline.simulator.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.IntStream;

/** The list of API versions, which clients ask for without a token to see whether there is an org. */
@Path("/services/data")
@Produces(MediaType.APPLICATION_JSON)
class VersionsResource {

    private static final int OLDEST = 31;
    private static final int NEWEST = 65;

    /** One version of the API. */
    record Version(String label, String url, String version) {}

    @GET
    public List<Version> versions() {
        return IntStream.rangeClosed(OLDEST, NEWEST)
                .mapToObj(number -> number + ".0")
                .map(number -> new Version("Version " + number, "/services/data/v" + number, number))
                .toList();
    }
}
