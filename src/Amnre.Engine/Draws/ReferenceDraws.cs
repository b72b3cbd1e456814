using System.Security.Cryptography;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Draws;

/// <summary>Files of draws known to be right.</summary>
public static class ReferenceDraws
{
    /// <summary>The file with the digest of its content, as settings name it.</summary>
    /// <param name="path">Absolute, at which every worker sees it.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Named(string path) => SimulatorReference.Join(path, Digest(path));

    /// <summary>Why draws of these settings cannot be compared with those of a file; null when they can.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">Of the evaluation; valid.</param>
    /// <param name="simulator">Whose parameters.</param>
    public static string? Error(string path, EvaluateSettings settings, ISimulator simulator)
    {
        try
        {
            var known = false;
            foreach (var mask in EvaluateSettingsErrors.Masks(settings, simulator))
            {
                if (DrawsFile.Read(path, mask) is not { } rows) continue;
                known = true;
                for (var row = settings.First; row < settings.Last; row++)
                {
                    if (!rows.ContainsKey(row))
                        return $"reference '{path}' lacks draws of observation row {row} and mask {mask}: take rows that it has with " +
                            "indices";
                }
            }

            return known ? null
                : $"reference '{path}' holds draws of none of the masks {string.Join(", ", settings.Masks)}: ask for those that it has";
        }
        catch (InputException refused)
        {
            return $"reference: {refused.Message}";
        }
    }

    /// <summary>The file that settings name; <see cref="TrueReference.Likelihood"/> stays as it is.</summary>
    /// <param name="named">As <see cref="Named"/> writes it; null for none.</param>
    /// <exception cref="InputException">It is not there, or not with the content that is meant.</exception>
    internal static string? Find(string? named)
    {
        if (named is null or TrueReference.Likelihood) return named;
        var (path, digest) = SimulatorReference.Split(named);
        if (!File.Exists(path))
            throw new InputException($"reference '{path}': there is no such file: name draws, .h5 as draws writes them");
        if (digest is not null && digest != Digest(path))
            throw new InputException($"reference '{path}' has changed since this work was planned: submit the experiment again, or put " +
                "it back");
        return path;
    }

    internal static string Digest(string path)
    {
        using var stream = PlainFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
