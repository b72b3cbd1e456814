using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Settings;

/// <summary>Checks the settings of a figure.</summary>
public static class PlotSettingsFaults
{
    internal static readonly string[] Known = ["loss", "error", "calibration", "consistency", "roc", "corner"];

    /// <summary>Deviation in bins, and width of a figure.</summary>
    internal const double MostSmoothing = 100, MostInches = 40;

    /// <summary>One fault for each setting that cannot be; empty when all can.</summary>
    public static IReadOnlyList<(string Field, string Message)> Of(PlotSettings settings, ISimulator simulator)
    {
        var faults = new List<(string, string)>();
        if (!string.Equals(settings.Simulator, simulator.Name, StringComparison.OrdinalIgnoreCase))
            faults.Add((nameof(settings.Simulator), $"the settings say '{settings.Simulator}', but the simulator is {simulator.Name}"));
        if (!Known.Contains(settings.Type))
            faults.Add((nameof(settings.Type), $"type '{settings.Type}' is not known: write one of {string.Join(", ", Known)}"));
        if (settings.Row is < 0)
            faults.Add((nameof(settings.Row), $"observation rows count from 0, not {settings.Row}"));
        else if (settings.Row is not null && settings.Type != "corner" && Known.Contains(settings.Type))
            faults.Add((nameof(settings.Row), $"a figure of type {settings.Type} marks no observation: leave the row out"));
        if (settings.Quantiles.Count == 0)
            faults.Add((nameof(settings.Quantiles), "there is no region to draw: name at least one mass, such as 0.6827"));
        foreach (var quantile in settings.Quantiles)
            if (quantile is not (> 0 and < 1))
                faults.Add((nameof(settings.Quantiles), $"a region of mass {quantile} cannot be: write a number between 0 and 1"));
        if (settings.Smooth.Count > 0 && settings.Smooth.Count != settings.Legend.Count)
            faults.Add((nameof(settings.Smooth),
                $"smooth has {settings.Smooth.Count} numbers for {settings.Legend.Count} series: write one for each, 0 for none"));
        if (settings.Marginalize.Count > 0 && settings.Marginalize.Count != settings.Legend.Count)
            faults.Add((nameof(settings.Marginalize),
                $"marginalize has {settings.Marginalize.Count} values for {settings.Legend.Count} series: write one for each"));
        if (settings.Size is not (null or (> 0 and <= MostInches)))
            faults.Add((nameof(settings.Size),
                $"a figure of {settings.Size} inches cannot be: write a number above 0, up to {MostInches}"));
        foreach (var sigma in settings.Smooth)
            if (sigma is not (>= 0 and <= MostSmoothing))
                faults.Add((nameof(settings.Smooth), $"a smoothing of {sigma} bins cannot be: write a number from 0 to {MostSmoothing}"));
        MaskList.Expand(settings.Masks, simulator.ThetaSize, null, out var wrong);
        faults.AddRange(wrong.Select(message => (nameof(settings.Masks), message)));
        return faults;
    }
}
