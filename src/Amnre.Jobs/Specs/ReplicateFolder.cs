using System.Globalization;
using Amnre.Engine.Settings;

namespace Amnre.Jobs.Specs;

/// <summary>Where a training job puts each of the models that it trains together.</summary>
public static class ReplicateFolder
{
    /// <summary>In the attempt's directory, with the closing <c>/</c>.</summary>
    /// <param name="replicate">From 1.</param>
    public static string Of(int replicate) => string.Create(CultureInfo.InvariantCulture, $"{replicate}/");

    /// <summary>Those of a training: the attempt's directory itself where it is of one model.</summary>
    public static IReadOnlyList<string> Of(TrainSettings settings) =>
        settings.Replicates is { } count ? [.. Enumerable.Range(1, count).Select(Of)] : [""];
}
