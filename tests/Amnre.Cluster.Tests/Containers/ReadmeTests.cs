using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Amnre.Testing;

namespace Amnre.Cluster.Tests.Containers;

public sealed class ReadmeTests
{
    private const string Project = "amnre-readme";

    /// <summary>Docker's command, played by podman, whose compose neither scales nor waits nor builds here.</summary>
    private static readonly string Docker =
        $$"""
        #!/bin/bash
        set -e
        [[ $1 == compose && $2 == --file ]] || { echo "not played: docker $*" >&2; exit 2; }
        compose=(podman-compose --podman-path '{{ContainerImages.Podman}}' -p {{Project}} -f "$3")
        verb=$4; shift 4
        if [[ $verb == exec ]]; then
          if [[ $1 == -T ]]; then shift; fi
          exec '{{ContainerImages.Podman}}' exec --interactive {{Project}}_"$1"_1 "${@:2}"
        fi
        [[ $verb == up && $* =~ ^'--wait --build --scale worker='([0-9]+)$ ]] || { echo "not played: $*" >&2; exit 2; }
        "${compose[@]}" up --detach
        for ((i = 1; i < BASH_REMATCH[1]; i++)); do "${compose[@]}" run --detach worker; done
        for i in {1..60}; do "$0" compose --file "" exec scheduler amnre status && exit 0; sleep 1; done
        exit 1
        """;

    /// <summary>The commands of deploy/docker/README.md that start the services, submit, watch and fetch the results.</summary>
    [Fact]
    public async Task The_commands_for_compose_do_what_they_say()
    {
        var missing = await ContainerImages.MissingAsync("podman-compose", "openssl", "curl");
        Assert.SkipWhen(missing is not null, missing ?? "");
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("amnre-compose-");
        var (port, files) = (FreePort(), folder.CreateSubdirectory("deploy").CreateSubdirectory("docker"));
        files.CreateSubdirectory("secrets");
        folder.CreateSubdirectory("experiments");
        File.Copy(Repository.File("deploy", "docker", "compose.yaml"), Path.Combine(files.FullName, "compose.yaml"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "experiments", "quickstart.yaml"), Slurm.ClusterStudy.Small
            .Replace("epochs: 1300", "epochs: 3", StringComparison.Ordinal)
            .Replace("name: small", "name: quickstart", StringComparison.Ordinal), stop);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "docker"), Docker, stop);
        File.SetUnixFileMode(Path.Combine(folder.FullName, "docker"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            ["AMNRE_DASHBOARD_PORT"] = $"{port}",
        };
        try
        {
            var printed = await Shell.RunAsync(TimeSpan.FromMinutes(8), environment, "bash", "-ec",
                $"cd '{folder.FullName}'\n{CommandBlock.Of("deploy/docker/README.md")[1].Script.Replace("worker=4", "worker=3", StringComparison.Ordinal)}");

            Assert.Contains("quickstart succeeded", printed, StringComparison.Ordinal);
            Assert.All(Directory.GetFiles(Path.Combine(files.FullName, "secrets")),
                file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
            Assert.True(new FileInfo(Path.Combine(folder.FullName, "quickstart", "figures", "corner.png")).Length > 1000);
            using var pages = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.Equal(HttpStatusCode.Unauthorized, (await pages.GetAsync(new Uri("/api/workers", UriKind.Relative), stop)).StatusCode);
            pages.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
                (await File.ReadAllTextAsync(Path.Combine(files.FullName, "secrets", "dashboard_token"), stop)).Trim());
            Assert.Equal(3,
                System.Text.Json.Nodes.JsonNode.Parse(
                    await pages.GetStringAsync(new Uri("/api/workers", UriKind.Relative), stop))!.AsArray().Count);
        }
        finally
        {
            await Shell.TryAsync(ContainerImages.Nothing, "/bin/sh", "-c",
                $"'{ContainerImages.Podman}' ps --all --quiet --filter label=io.podman.compose.project={Project} | xargs -r " +
                $"'{ContainerImages.Podman}' rm --force --time 2; "
                + $"'{ContainerImages.Podman}' volume rm {Project}_store {Project}_database {Project}_password {Project}_token; " +
                    $"'{ContainerImages.Podman}' network rm {Project}_default");
            folder.Delete(recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
