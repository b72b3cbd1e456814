using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Drawing;

/// <summary>Masks as figures name them.</summary>
internal static class MaskLabel
{
    /// <summary>Labels of the mask's parameters: <c>θ₁, θ₂</c>.</summary>
    public static string Of(ISimulator simulator, ParameterMask mask) =>
        string.Join(", ", mask.Indices().Select(parameter => simulator.Labels[parameter]));

    /// <exception cref="InputException">Not a mask of the simulator.</exception>
    public static ParameterMask Parse(string text, ISimulator simulator, string path) =>
        ParameterMask.TryParse(text, out var mask) && mask.Size == simulator.ThetaSize
            ? mask
            : throw new InputException(
                $"'{path}': mask '{text}' is not one of {simulator.PlainName}, which has {simulator.ThetaSize} parameters");
}
