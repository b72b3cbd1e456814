namespace Amnre.Cluster.Tests.Containers;

public sealed class PodTests
{
    private const string Pod = "amnre-pod-0";

    private static readonly string[] Images = ["localhost/amnre:cpu", "docker.io/library/postgres:17.6-bookworm"];

    private static readonly Dictionary<string, string?> Nothing = [];

    /// <summary>AMNRE_TEST_PODMAN names the command, where it needs options of the machine.</summary>
    private static string Podman => Environment.GetEnvironmentVariable("AMNRE_TEST_PODMAN") is { Length: > 0 } named ? named : "podman";

    /// <summary>The example for Kubernetes, as it is shipped, with a study from submission to its end.</summary>
    [Fact]
    public async Task The_pod_of_the_example_completes_a_study()
    {
        var missing = await MissingAsync();
        Assert.SkipWhen(missing is not null, missing ?? "");
        var folder = Directory.CreateTempSubdirectory("amnre-pod-");
        var (secret, pod) = (Path.Combine(folder.FullName, "secret.yaml"), Path.Combine(folder.FullName, "kube.yaml"));
        var stop = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(secret,
            $"apiVersion: v1\nkind: Secret\nmetadata:\n  name: amnre\ndata:\n  postgres-password: {Secret()}\n  dashboard-token: {Secret()}\n", stop);
        // Away from the repository: podman would take a file called 'amnre' for the image's source.
        File.Copy(Repository.File("deploy", "docker", "kube.yaml"), pod);
        try
        {
            await Shell.RunAsync(Nothing, Podman, "play", "kube", secret);
            await Shell.RunAsync(Nothing, Podman, "play", "kube", pod);
            var study = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Slurm.ClusterStudy.Small.Replace("epochs: 1300", "epochs: 3", StringComparison.Ordinal)));
            var printed = await Shell.RunAsync(Nothing, Podman, "exec", $"{Pod}-scheduler", "bash", "-c",
                $"echo {study} | base64 -d >/tmp/study.yaml && for i in $(seq 60); do amnre submit /tmp/study.yaml && break; sleep 1; done && amnre watch small");
            Assert.Contains("small succeeded", printed, StringComparison.Ordinal);
            Assert.Equal("1654", await Shell.RunAsync(Nothing, Podman, "exec", $"{Pod}-worker", "id", "-u"));
        }
        finally
        {
            await Shell.TryAsync(Nothing, Podman, "pod", "rm", "--force", Pod);
            await Shell.TryAsync(Nothing, Podman, "volume", "rm", "--force", "amnre-store", "amnre-database");
            await Shell.TryAsync(Nothing, Podman, "secret", "rm", "amnre");
            folder.Delete(recursive: true);
        }
    }

    private static string Secret() => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")));

    private static async Task<string?> MissingAsync()
    {
        try
        {
            foreach (var image in Images)
                if ((await Shell.TryAsync(Nothing, Podman, "image", "exists", image)).Code != 0) return $"podman has no image {image}: see deploy/docker/README.md";
            var used = await Shell.TryAsync(Nothing, Podman, "pod", "exists", Pod);
            return used.Code == 0 ? $"a pod {Pod} is there already" : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "podman is not installed";
        }
    }
}
