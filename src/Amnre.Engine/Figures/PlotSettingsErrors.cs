using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Figures;

/// <summary>Checks the settings of a figure.</summary>
public static class PlotSettingsErrors
{
    /// <summary>One validation error for each setting that cannot be; empty when all can.</summary>
    public static IReadOnlyList<(string Field, string Message)> Of(PlotSettings settings, ISimulator simulator)
    {
        var errors = new List<(string, string)>();
        if (!string.Equals(settings.Simulator, simulator.Name, StringComparison.OrdinalIgnoreCase))
            errors.Add((nameof(settings.Simulator), $"the settings say '{settings.Simulator}', but the simulator is {simulator.Name}"));
        if (settings.Row is >= 0 && !FigureNeeds.Of(settings.Type).Observation)
            errors.Add((nameof(settings.Row),
                $"a figure of type {EnumName.Of(settings.Type)} marks no observation: leave the row out"));
        if (settings.Quantiles.Count == 0)
            errors.Add((nameof(settings.Quantiles), "there is no region to draw: name at least one mass, such as 0.6827"));
        if (settings.Smooth.Count > 0 && settings.Smooth.Count != settings.Legend.Count)
            errors.Add((nameof(settings.Smooth),
                $"smooth has {settings.Smooth.Count} numbers for {settings.Legend.Count} series: write one for each, 0 for none"));
        if (settings.Marginalize.Count > 0 && settings.Marginalize.Count != settings.Legend.Count)
            errors.Add((nameof(settings.Marginalize),
                $"marginalize has {settings.Marginalize.Count} values for {settings.Legend.Count} series: write one for each"));
        MaskList.Expand(settings.Masks, simulator.ThetaSize, null, out var wrong);
        errors.AddRange(wrong.Select(message => (nameof(settings.Masks), message)));
        return PlotSettings.Fields.With(settings, errors);
    }
}
