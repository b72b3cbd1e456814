using System.Security.Cryptography;
using System.Text;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Submissions;

/// <summary>What tells one plan from another: its jobs, what they read and make, and what they ask for.</summary>
internal static class PlanDigest
{
    /// <summary>Plans of before there was <see cref="JobResources.SameKind"/> keep their digest.</summary>
    private static string Text(JobResources resources) =>
        $"JobResources {{ Cpus = {resources.Cpus}, Gpus = {resources.Gpus}, MemoryBytes = {resources.MemoryBytes}, Time = " +
            $"{resources.Time}{(resources.SameKind ? ", SameKind = True" : "")} }}";

    /// <returns>SHA-256, hexadecimal.</returns>
    public static string Of(ExperimentPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var line = new StringBuilder();
        foreach (var job in plan.Jobs)
        {
            line.Clear().Append(job.Name).Append('\t').Append(job.Kind).Append('\t').Append(job.Fingerprint.Text).Append('\t')
                .Append(Text(job.Resources));
            foreach (var input in job.Inputs)
            {
                line.Append('\t').Append(input.Role).Append('\v').Append(input.Job).Append('\v').Append(input.Output);
                if (input.Branch is { } branch) line.Append('\v').Append(branch);
                if (input.Optional) line.Append("\v?");
            }

            foreach (var output in job.Outputs)
                line.Append('\f').Append(output.Name).Append('\v').Append(output.Path).Append('\v').Append(output.Measured);
            hash.AppendData(Encoding.UTF8.GetBytes(line.Append('\n').ToString()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
