using Amnre.Testing;

namespace Amnre.Cluster.Tests.Containers;

public sealed class PodTests
{
    private const string Pod = "amnre-pod-0";

    /// <summary>The example for Kubernetes, as it is shipped, with a study from submission to its end.</summary>
    [Fact]
    public async Task The_pod_of_the_example_completes_a_study()
    {
        var missing = await ContainerImages.MissingAsync()
            ?? ((await Shell.TryAsync(ContainerImages.Nothing, ContainerImages.Podman, "pod", "exists", Pod)).Code == 0
                ? $"a pod {Pod} is there already" : null);
        Assert.SkipWhen(missing is not null, missing ?? "");
        var folder = Directory.CreateTempSubdirectory("amnre-pod-");
        var (secret, pod) = (Path.Combine(folder.FullName, "secret.yaml"), Path.Combine(folder.FullName, "kube.yaml"));
        var stop = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(secret,
            $"apiVersion: v1\nkind: Secret\nmetadata:\n  name: amnre\ndata:\n  postgres-password: {Secret()}\n  dashboard-token: " +
                $"{Secret()}\n", stop);
        // Away from the repository: podman would take a file called 'amnre' for the image's source.
        File.Copy(Repository.File("deploy", "docker", "kube.yaml"), pod);
        try
        {
            await Shell.RunAsync(ContainerImages.Nothing, ContainerImages.Podman, "play", "kube", secret);
            await Shell.RunAsync(ContainerImages.Nothing, ContainerImages.Podman, "play", "kube", pod);
            var study = Convert.ToBase64String(
                System.Text.Encoding.UTF8.GetBytes(
                    Slurm.ClusterStudy.Small.Replace("epochs: 1300", "epochs: 3", StringComparison.Ordinal)));
            var printed = await Shell.RunAsync(ContainerImages.Nothing, ContainerImages.Podman, "exec", $"{Pod}-scheduler", "bash", "-c",
                $"echo {study} | base64 -d >/tmp/study.yaml && for i in $(seq 60); do amnre submit /tmp/study.yaml && break; sleep 1; " +
                    "done && amnre watch small");
            Assert.Contains("small succeeded", printed, StringComparison.Ordinal);
            Assert.Equal("1654",
                await Shell.RunAsync(ContainerImages.Nothing, ContainerImages.Podman, "exec", $"{Pod}-worker", "id", "-u"));
        }
        finally
        {
            await Shell.TryAsync(ContainerImages.Nothing, ContainerImages.Podman, "pod", "rm", "--force", Pod);
            await Shell.TryAsync(ContainerImages.Nothing, ContainerImages.Podman, "volume", "rm", "--force", "amnre-store",
                "amnre-database");
            await Shell.TryAsync(ContainerImages.Nothing, ContainerImages.Podman, "secret", "rm", "amnre");
            folder.Delete(recursive: true);
        }
    }

    private static string Secret() => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")));
}
