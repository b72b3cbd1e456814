using Dapper;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>How statements are sent: the only way, so that none is sent that its caller cannot cancel. A <c>@name</c> in a statement is the
/// property of that name of its parameters.</summary>
internal static class LedgerQueries
{
    extension(NpgsqlConnection connection)
    {
        /// <returns>A row each.</returns>
        public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancel) =>
            (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancel))).AsList();

        /// <param name="map">Makes one of the two that a row holds.</param>
        /// <param name="splitOn">The first column of the second.</param>
        public async Task<IReadOnlyList<TResult>> QueryAsync<TFirst, TSecond, TResult>(string sql, object? parameters,
            Func<TFirst, TSecond, TResult> map, string splitOn, CancellationToken cancel) =>
            (await connection.QueryAsync(new CommandDefinition(sql, parameters, cancellationToken: cancel), map, splitOn)).AsList();

        /// <returns>The only row.</returns>
        public Task<T> QuerySingleAsync<T>(string sql, object? parameters, CancellationToken cancel) =>
            connection.QuerySingleAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancel));

        /// <returns>The only row; null where there is none.</returns>
        public Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken cancel) =>
            connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancel));

        /// <returns>The first column of the first row; null where there is none.</returns>
        public Task<T?> ExecuteScalarAsync<T>(string sql, object? parameters, CancellationToken cancel) =>
            connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancel));

        /// <returns>How many rows were written.</returns>
        public Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancel) =>
            connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancel));

        /// <summary>Several statements, sent together; their rows are read one after the other.</summary>
        public Task<SqlMapper.GridReader> QueryMultipleAsync(string sql, object? parameters, CancellationToken cancel) =>
            connection.QueryMultipleAsync(new CommandDefinition(sql, parameters, cancellationToken: cancel));
    }

    extension(NpgsqlDataSource database)
    {
        /// <summary>Here and below: on a connection of the pool.</summary>
        public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancel)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            return await connection.QueryAsync<T>(sql, parameters, cancel);
        }

        public async Task<IReadOnlyList<TResult>> QueryAsync<TFirst, TSecond, TResult>(string sql, object? parameters,
            Func<TFirst, TSecond, TResult> map, string splitOn, CancellationToken cancel)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            return await connection.QueryAsync(sql, parameters, map, splitOn, cancel);
        }

        public async Task<T> QuerySingleAsync<T>(string sql, object? parameters, CancellationToken cancel)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            return await connection.QuerySingleAsync<T>(sql, parameters, cancel);
        }

        public async Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken cancel)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            return await connection.QuerySingleOrDefaultAsync<T>(sql, parameters, cancel);
        }

        public async Task<T?> ExecuteScalarAsync<T>(string sql, object? parameters, CancellationToken cancel)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            return await connection.ExecuteScalarAsync<T>(sql, parameters, cancel);
        }

        public async Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancel)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            return await connection.ExecuteAsync(sql, parameters, cancel);
        }
    }
}
