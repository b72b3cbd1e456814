namespace Amnre.Cluster.Tests.Containers;

/// <summary>Podman and the images that the examples need.</summary>
internal static class ContainerImages
{
    private static readonly string[] Images = ["localhost/amnre:cpu", "docker.io/library/postgres:17.6-bookworm"];

    public static Dictionary<string, string?> Nothing { get; } = [];

    /// <summary>AMNRE_TEST_PODMAN names the command, where it needs options of the machine.</summary>
    public static string Podman => Environment.GetEnvironmentVariable("AMNRE_TEST_PODMAN") is { Length: > 0 } named ? named : "podman";

    /// <summary>What is not there; null when all is.</summary>
    public static async Task<string?> MissingAsync(params string[] programs)
    {
        try
        {
            foreach (var image in Images)
                if ((await Shell.TryAsync(Nothing, Podman, "image", "exists", image)).Code != 0)
                    return $"podman has no image {image}: see deploy/docker/README.md";
            foreach (var program in programs)
                if ((await Shell.TryAsync(Nothing, "/bin/sh", "-c", $"command -v {program}")).Code != 0)
                    return $"{program} is not installed";
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "podman is not installed";
        }
    }
}
